import { VERBS } from '../../../src/cli/command-line.js';
import { inputNames, PUBLISH_INPUTS } from '../../../src/run/settings/inputs.js';
import { lineOf } from '../../support/command.js';

const [PUBLISH] = VERBS;
const publish = (...argv: string[]) => lineOf(PUBLISH, argv);

/** All inputs that the command gives a text: files are its arguments, a job summary belongs to a job, and two are flags. */
const TEXTS = inputNames(PUBLISH_INPUTS).filter(
  (name) => !['files', 'summary', 'default-annotations', 'dry-run'].includes(name),
);

describe('a line that publishes', () => {
  it.each(TEXTS)('has --%s, as the action has its input', (name) => {
    expect(publish(`--${name}`, 'value', 'a.whl').inputs[name]).toBe('value');
    expect(publish(`--${name}=`, 'a.whl').inputs[name]).toBe('');
  });

  it.each([
    [['--dry-run'], { 'dry-run': 'true', 'default-annotations': '' }],
    [['--no-dry-run'], { 'dry-run': 'false', 'default-annotations': '' }],
    [['--no-default-annotations'], { 'dry-run': '', 'default-annotations': 'false' }],
    [['--default-annotations'], { 'dry-run': '', 'default-annotations': 'true' }],
  ])('takes %j as a flag', (argv, inputs) => {
    expect(publish(...argv, 'a.whl').inputs).toMatchObject(inputs);
  });

  it('takes every annotation that is given', () => {
    expect(publish('--annotations', 'a=1', '--annotations=index:b=2', 'a.whl').inputs.annotations).toBe(
      'a=1\nindex:b=2',
    );
  });

  it('takes files wherever they stand, and literally', () => {
    expect(publish('a.whl', '--json', ' b*.whl', '--', '--c.whl')).toMatchObject({
      paths: ['a.whl', ' b*.whl', '--c.whl'],
      json: true,
      passwordStdin: false,
    });
  });

  it('is a file where it is written as one', () => {
    expect(publish('./check', './show').paths).toEqual(['./check', './show']);
  });
});
