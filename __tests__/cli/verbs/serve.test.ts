import { serve } from '../../../src/cli/verbs/serve.js';
import { UsageError } from '../../../src/core/errors.js';
import { lineOf, run } from '../../support/command.js';

const line = (...argv: readonly string[]) => lineOf(serve, argv);

describe('a line of serve', () => {
  it('has what follows -- as a command, options and all', () => {
    expect(line('--packages', 'a', '--', 'pip', 'install', '-r', 'x.txt', '--', 'y').command).toEqual([
      'pip',
      'install',
      '-r',
      'x.txt',
      '--',
      'y',
    ]);
    expect(line('--packages', 'a').command).toEqual([]);
  });

  it('takes names repeated', () => {
    expect(line('--packages', 'a,b', '--packages', 'c').inputs.packages).toBe('a,b\nc');
  });

  it('is silent for a command unless asked, and tells requests without one', () => {
    expect(
      [line(), line('--', 'x'), line('--quiet'), line('--verbose', '--', 'x')].map(({ detail }) => detail),
    ).toEqual(['usual', 'quiet', 'quiet', 'verbose']);
  });

  it.each([
    [['hello'], 'write -- in front of a command'],
    [['--json', '--', 'x'], 'belong to the command'],
    [['--password-stdin', '--', 'x'], 'belong to the command'],
  ])('is wrong: %j', (argv, hint) => {
    const wrong = (() => {
      try {
        return line(...argv);
      } catch (error) {
        return error;
      }
    })();
    expect(wrong).toBeInstanceOf(UsageError);
    expect(wrong).toMatchObject({ hint: expect.stringContaining(hint) });
  });
});

describe('serve', () => {
  it('says everything that is wrong with its options, and ends with 2', async () => {
    const { status, stderr } = await run(['serve', '--port', 'x']);
    expect(status).toBe(2);
    for (const name of ['packages', 'namespace', 'port']) expect(stderr).toContain(`option --${name}: `);
  });

  it('does not begin where another index would be asked beside it', async () => {
    const env = { PIP_EXTRA_INDEX_URL: 'https://x.example/' };
    const { status, stderr } = await run(['serve', '--packages', 'a', '--namespace', 'o', '--fallback', 'none'], {
      env,
    });
    expect(status).toBe(2);
    expect(stderr).toContain('the variable PIP_EXTRA_INDEX_URL');
  });
});
