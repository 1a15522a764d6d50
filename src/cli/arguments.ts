import { type ParseArgsConfig, parseArgs } from 'node:util';
import { codeOf } from '../core/error-code.js';
import { UsageError } from '../core/errors.js';
import { nearest } from './nearest.js';

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Arguments<O extends Options> = ReturnType<typeof parse<O>>;

export const TEXT = { type: 'string' } as const;
export const FLAG = { type: 'boolean' } as const;
export const HELP_FLAG = { type: 'boolean', short: 'h' } as const;

/** What signs in, by any verb that speaks to a registry. */
export const SIGN_IN = {
  username: TEXT,
  password: TEXT,
  'github-token': TEXT,
  'password-stdin': FLAG,
} as const;

export const SIGN_IN_HELP = `Signing in, unless the Docker config file has an entry for the registry:
  --username NAME
  --password-stdin           read the password from standard input
  --password TEXT            shows in the list of processes: prefer the above
  --github-token TEXT        in GitHub Actions only; GITHUB_TOKEN if not given
`;

/** @throws UsageError for an unknown option, or one without its value */
export function parse<const O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const code = codeOf(error);
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw unknownOption(error, Object.keys(options));
    throw new UsageError('Cannot read the command line', { cause: error, hint: '--help shows all options' });
  }
}

/** The parser's message goes on with advice on files that begin with a dash, which hardly anybody meant. */
function unknownOption(error: unknown, names: readonly string[]): UsageError {
  const option = /'(-[^']*)'/.exec(String(error))?.[1] ?? '';
  const meant = nearest(
    option,
    names.map((name) => `--${name}`),
  );
  return new UsageError(`Unknown option '${option}'`, {
    hint: meant ? `did you mean ${meant}? --help shows all options` : '--help shows all options',
  });
}

/** @throws UsageError if both ways are used */
export function checkPasswords(values: { readonly password?: string; readonly 'password-stdin'?: boolean }): void {
  if (!values['password-stdin'] || values.password === undefined) return;
  throw new UsageError('Cannot sign in with two passwords: --password and --password-stdin are both given', {
    hint: 'leave out --password',
  });
}

/**
 * An option that narrows what a command takes must not be lost because a variable is not set: `--versions "$SPEC"` would
 * take everything then.
 * @throws UsageError naming the first one that is empty
 */
export function refuseEmpty(values: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const isEmpty = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
  const empty = names.find((name) => [values[name]].flat().some(isEmpty));
  if (empty === undefined) return;
  throw new UsageError(`Cannot use option --${empty}: its value is empty`, {
    hint: 'give it a value, or leave it out; if it comes from a variable, see that the variable is set',
  });
}

/** How the command calls an input: by the option that this line gives it with. */
export function optionNamed(name: string, line: { readonly passwordStdin?: boolean }): string {
  if (name === 'files') return 'FILES';
  return name === 'password' && line.passwordStdin ? 'option --password-stdin' : `option --${name}`;
}
