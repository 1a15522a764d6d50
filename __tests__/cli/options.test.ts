import { HELP } from '../../src/cli/help.js';
import { optionNamed, parseCommandLine } from '../../src/cli/options.js';
import { explain, UsageError } from '../../src/core/errors.js';
import { INPUT_NAMES } from '../../src/run/settings/inputs.js';

const publish = (...argv: string[]) => {
  const line = parseCommandLine(argv);
  if (line.command !== 'publish') throw new Error(`it is ${line.command}`);
  return line;
};

/** What the user is told of a line that cannot be used, its cause included. */
function told(argv: readonly string[]): string {
  try {
    parseCommandLine(argv);
    return 'nothing';
  } catch (error) {
    return explain(error);
  }
}

/** All inputs but those a command has no use for: its files are arguments, and a job summary belongs to a job. */
const OPTIONS = INPUT_NAMES.filter((name) => name !== 'files' && name !== 'summary');

describe('the command line', () => {
  it.each(OPTIONS.filter((name) => name !== 'default-annotations' && name !== 'dry-run'))(
    'has --%s, as the action has its input',
    (name) => {
      expect(publish(`--${name}`, 'value', 'a.whl').inputs[name]).toBe('value');
      expect(publish(`--${name}=`, 'a.whl').inputs[name]).toBe('');
    },
  );

  it.each(OPTIONS)('calls %s by its option', (name) => {
    expect(optionNamed(name, parseCommandLine(['a.whl']))).toBe(`option --${name}`);
  });

  it.each([[['a.whl']], [['pull', 'ghcr.io/a/b:1']]])(
    'calls a piped password by the option that asks for it: %j',
    (rest) => {
      const [first = '', ...more] = rest;
      const line = parseCommandLine([first, '--username', 'me', '--password-stdin', ...more]);
      expect(optionNamed('password', line)).toBe('option --password-stdin');
      expect(optionNamed('username', line)).toBe('option --username');
    },
  );

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

  it.each([[['--help']], [['-h', 'a.whl']], [['--help', '--version']]])('shows help for %j', (argv) => {
    expect(parseCommandLine(argv)).toEqual({ command: 'help', verb: 'publish' });
  });

  it.each(['check', 'show', 'pull'] as const)('shows help of its own for %s, whatever else is missing', (verb) => {
    expect(parseCommandLine([verb, '--help'])).toEqual({ command: 'help', verb });
    expect(parseCommandLine([verb, '-h', 'x', 'y'])).toEqual({ command: 'help', verb });
  });

  it('shows its version', () => {
    expect(parseCommandLine(['--version'])).toEqual({ command: 'version' });
  });

  it.each([
    [[], /no files are named/],
    [['--namespace', 'me'], /no files are named/],
    [['--namespce', 'me', 'a.whl'], /Unknown option '--namespce'/],
    [['--namespace'], /argument missing/],
    [['--json=yes', 'a.whl'], /does not take an argument/],
    [['--password', 'x', '--password-stdin', 'a.whl'], /--password and --password-stdin are both given/],
    [['--json', 'check', 'a.whl'], /"check" is: it is not the first word/],
    [['check'], /Cannot check: no files are named/],
    [['check', '--namespace', 'me', 'a.whl'], /Unknown option '--namespace'/],
    [['show'], /expected one image, found none/],
    [['show', 'ghcr.io/a/b', 'ghcr.io/a/c'], /expected one image, found ghcr\.io\/a\/b ghcr\.io\/a\/c/],
    [['show', '--force', 'ghcr.io/a/b'], /Unknown option '--force'/],
    [['show', '--password', 'x', '--password-stdin', 'ghcr.io/a/b'], /are both given/],
    [['pull'], /expected one image, found none/],
    [['pull', '-d', '', 'ghcr.io/a/b:1'], /-d names no folder/],
    [['pull', 'ghcr.io/a/b:1', '-d'], /argument missing/],
  ])('refuses %j as wrong usage', (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(UsageError);
    expect(told(argv)).toMatch(message);
  });
});

describe('a verb', () => {
  it('checks files, which are taken literally', () => {
    expect(parseCommandLine(['check', 'a.whl', '--json', 'show'])).toEqual({
      command: 'check',
      paths: ['a.whl', 'show'],
      json: true,
    });
  });

  it('shows an image, with what signs in', () => {
    const line = parseCommandLine(['show', '--username', 'me', '--password-stdin', 'ghcr.io/a/b']);
    expect(line).toMatchObject({ command: 'show', image: 'ghcr.io/a/b', json: false, passwordStdin: true });
    expect(line).toMatchObject({ inputs: { username: 'me', password: '', 'oci-layout': '' } });
  });

  it.each([
    [[], '.', false],
    [['-d', 'wheels', '--force'], 'wheels', true],
    [['--directory=wheels'], 'wheels', false],
  ])('pulls an image with %j', (options, directory, force) => {
    const line = parseCommandLine(['pull', ...options, '--oci-layout', 'oci', 'a/b:1']);
    expect(line).toMatchObject({ command: 'pull', image: 'a/b:1', directory, force, inputs: { 'oci-layout': 'oci' } });
  });

  it('is a file where it is written as one', () => {
    expect(publish('./check', './show').paths).toEqual(['./check', './show']);
  });
});

describe('the help text', () => {
  it.each(Object.entries(HELP))('of %s fits a terminal of 80 columns and 40 lines', (_verb, text) => {
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each(OPTIONS)('tells of --%s', (name) => {
    expect(HELP.publish).toMatch(new RegExp(`--(no-)?${name}\\b`));
  });

  it.each(['--password-stdin', '--json', '--help', '--version', 'check|show|pull --help'])('tells of %s', (option) => {
    expect(HELP.publish).toContain(option);
  });

  const reading = ['--username', '--password', '--password-stdin', '--github-token', '--oci-layout', '--concurrency'];
  it.each([
    ['check', ['--json', '--help', 'FILES']],
    ['show', ['--json', '--help', 'IMAGE[:TAG]', ...reading]],
    ['pull', ['--json', '--help', 'IMAGE:TAG', '-d, --directory', '--force', ...reading]],
  ] as const)('of %s tells of every option it has', (verb, options) => {
    for (const option of options) expect(HELP[verb]).toContain(option);
  });
});
