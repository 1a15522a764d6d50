import { optionNamed } from '../../src/cli/arguments.js';
import { parseCommandLine, VERBS } from '../../src/cli/command-line.js';
import { explain, UsageError } from '../../src/core/errors.js';
import { COPY_INPUTS, inputNames, PUBLISH_INPUTS, READING_INPUTS } from '../../src/run/settings/inputs.js';
import { lineOf } from '../support/command.js';

const HELP = Object.fromEntries(VERBS.map(({ name, help }) => [name, help]));
const [PUBLISH] = VERBS;

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
const OPTIONS = inputNames(PUBLISH_INPUTS).filter((name) => name !== 'files' && name !== 'summary');

describe('the command line', () => {
  it.each(OPTIONS)('calls %s by its option', (name) => {
    expect(optionNamed(name, lineOf(PUBLISH, ['a.whl']))).toBe(`option --${name}`);
  });

  it.each([[['a.whl']], [['pull', 'ghcr.io/a/b:1']]])(
    'calls a piped password by the option that asks for it: %j',
    (rest) => {
      const [first = '', ...more] = rest;
      const request = parseCommandLine([first, '--username', 'me', '--password-stdin', ...more]);
      const line = request.kind === 'work' ? request.line : { passwordStdin: false };
      expect(optionNamed('password', line)).toBe('option --password-stdin');
      expect(optionNamed('username', line)).toBe('option --username');
    },
  );

  it.each([[['--help']], [['-h', 'a.whl']], [['--help', '--version']]])('shows help for %j', (argv) => {
    expect(parseCommandLine(argv)).toEqual({ kind: 'help', text: HELP.publish });
  });

  it.each(['check', 'show', 'pull'])('shows help of its own for %s, whatever else is missing', (verb) => {
    const text = HELP[verb];
    expect(text).toMatch(new RegExp(`^Usage: pyoci-publish ${verb} `));
    expect(parseCommandLine([verb, '--help'])).toEqual({ kind: 'help', text });
    expect(parseCommandLine([verb, '-h', 'x', 'y'])).toEqual({ kind: 'help', text });
  });

  it('shows its version', () => {
    expect(parseCommandLine(['--version'])).toEqual({ kind: 'version' });
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
    [['show', 'ghcr.io/a/b', 'ghcr.io/a/c'], /Cannot use "ghcr\.io\/a\/c" as a version specifier/],
    [['show', 'ghcr.io/a/b', '>=1', '<2'], /expected one image, found ghcr\.io\/a\/b >=1 <2/],
    [['show', 'ghcr.io/a/b', '>=1', '<2'], /expected one image/],
    [['show', '--force', 'ghcr.io/a/b'], /Unknown option '--force'/],
    [['show', '--password', 'x', '--password-stdin', 'ghcr.io/a/b'], /are both given/],
    [['pull'], /expected one image, found none/],
    [['copy', '--versions', '', 'ghcr.io/a/b', 'ghcr.io/c/'], /option --versions: its value is empty/],
    [['copy', '--since', ' ', 'ghcr.io/a/b', 'ghcr.io/c/'], /option --since: its value is empty/],
    [['prune', '--dev', '--keep', '1.*', '--keep', '', 'ghcr.io/a/b'], /option --keep: its value is empty/],
    [['prune', '--dev', '--keep-last', '', 'ghcr.io/a/b'], /option --keep-last: its value is empty/],
    [['find', '--packages', '', '--namespace', 'a'], /option --packages: its value is empty/],
    [['pull', '-d', '', 'ghcr.io/a/b:1'], /-d names no folder/],
    [['pull', 'ghcr.io/a/b:1', '-d'], /argument missing/],
  ])('refuses %j as wrong usage', (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(UsageError);
    expect(told(argv)).toMatch(message);
  });

  it('finds a verb by its first word, and publishes without one', () => {
    const found = (...argv: string[]) => {
      const request = parseCommandLine(argv);
      return request.kind === 'work' && request.verb;
    };
    expect([found('check', 'x'), found('show', 'x'), found('pull', 'x')]).toEqual(['check', 'show', 'pull']);
    expect([found('./check', './show'), found('publish'), found('--', 'x')]).toEqual(['publish', 'publish', 'publish']);
  });
});

describe('the help text', () => {
  it.each(VERBS)('of $name fits a terminal of 80 columns and 40 lines', ({ help: text }) => {
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each(OPTIONS)('tells of --%s', (name) => {
    expect(HELP.publish).toMatch(new RegExp(`--(no-)?${name}\\b`));
  });

  it.each(['--password-stdin', '--json', '--help', '--version', 'check|show|pull'])('tells of %s', (option) => {
    expect(HELP.publish).toContain(option);
  });

  const reading = ['--password-stdin', ...inputNames(READING_INPUTS).map((name) => `--${name}`)];
  it.each([
    ['check', ['--json', '--help', 'FILES']],
    ['show', ['--json', '--help', 'IMAGE[:TAG]', ...reading]],
    ['copy', ['--password-stdin', ...inputNames(COPY_INPUTS).map((name) => `--${name}`), '--pre', '--only-finals']],
    ['pull', ['--json', '--help', 'IMAGE:TAG', '-d, --directory', '--force', ...reading]],
  ] as const)('of %s tells of every option it has', (verb, options) => {
    for (const option of options) expect(HELP[verb]).toContain(option);
  });
});
