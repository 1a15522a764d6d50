import { text } from 'node:stream/consumers';
import { UsageError, UserError } from '../core/errors.js';
import type { SignInInputs } from '../run/settings/inputs.js';
import type { CommandWorld } from './verb.js';

/**
 * The inputs of a line with the secrets that come by other ways than the command line, where everybody on the machine
 * could read them.
 * @throws UsageError if a password was to come by standard input and none did: going on without it would sign in as
 *   somebody else, or as nobody
 */
export async function completed<Inputs extends SignInInputs>(
  { inputs, passwordStdin }: { readonly inputs: Inputs; readonly passwordStdin: boolean },
  { stdin, env }: Pick<CommandWorld, 'stdin' | 'env'>,
): Promise<Inputs> {
  const inJob = env.GITHUB_ACTIONS === 'true';
  return {
    ...inputs,
    password: passwordStdin ? await passwordFrom(stdin) : inputs.password,
    'github-token': inputs['github-token'] || (inJob && env.GITHUB_TOKEN) || '',
  };
}

async function passwordFrom(stdin: NodeJS.ReadableStream): Promise<string> {
  let password: string;
  try {
    password = await text(stdin);
  } catch (cause) {
    throw new UserError('Cannot read the password: standard input cannot be read', { cause });
  }
  if (password.trim() !== '') return password;
  throw new UsageError('Cannot use option --password-stdin: standard input is empty', {
    hint: 'pipe the password in, as in `printenv TOKEN | pyoci-publish --password-stdin ...`, and see that the variable is set',
  });
}
