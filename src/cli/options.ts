import { UsageError } from '../core/errors.js';
import type { InputName, RawInputs } from '../run/settings/inputs.js';
import { checkPasswords, FLAG, HELP_FLAG, inputsOf, parse, SIGN_IN, TEXT } from './arguments.js';
import { type CheckLine, type PullLine, parseCheck, parsePull, parseShow, type ShowLine } from './verbs.js';

/** A command line taken apart; values are looked into later. */
export type CommandLine =
  | { readonly command: 'help'; readonly verb: 'publish' | Verb }
  | { readonly command: 'version' }
  | PublishLine
  | CheckLine
  | ShowLine
  | PullLine;

export interface PublishLine {
  readonly command: 'publish';
  readonly inputs: RawInputs;
  /** Literal paths. */
  readonly paths: readonly string[];
  readonly json: boolean;
  /** The password comes by standard input. */
  readonly passwordStdin: boolean;
}

const VERBS = { check: parseCheck, show: parseShow, pull: parsePull } as const;
type Verb = keyof typeof VERBS;

const OPTIONS = {
  ...SIGN_IN,
  registry: TEXT,
  namespace: TEXT,
  'if-exists': TEXT,
  'if-no-files-found': TEXT,
  annotations: { type: 'string', multiple: true },
  'default-annotations': FLAG,
  'oci-layout': TEXT,
  'dry-run': FLAG,
  coordination: TEXT,
  'job-index': TEXT,
  'job-total': TEXT,
  concurrency: TEXT,
  'pyoci-url': TEXT,
  json: FLAG,
  help: HELP_FLAG,
  version: FLAG,
} as const;

/** How the command calls an input: by the option that this line gives it with. */
export function optionNamed(name: InputName, line: CommandLine): string {
  if (name === 'files') return 'FILES';
  const piped = name === 'password' && 'passwordStdin' in line && line.passwordStdin;
  return piped ? 'option --password-stdin' : `option --${name}`;
}

/**
 * A verb is one as the first word only; without one the line publishes.
 * @throws UsageError if the line holds an unknown option, lacks its arguments, or has two passwords
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first = '', ...rest] = argv;
  if (!isVerb(first)) return parsePublish(argv);
  return VERBS[first](rest) ?? { command: 'help', verb: first };
}

function parsePublish(argv: readonly string[]): CommandLine {
  const { values, positionals } = parse(argv, OPTIONS);
  if (values.help) return { command: 'help', verb: 'publish' };
  if (values.version) return { command: 'version' };
  const [first] = positionals;
  if (first === undefined) {
    throw new UsageError('Cannot publish: no files are named', {
      hint: 'name them after the options, as in `pyoci-publish --namespace octo-org dist/*`; --help shows all options',
    });
  }
  if (isVerb(first)) {
    throw new UsageError(`Cannot tell what "${first}" is: it is not the first word`, {
      hint: `write a verb in front of all options, as in \`pyoci-publish ${first} --help\`, and a file of this name as ./${first}`,
    });
  }
  checkPasswords(values);
  const { annotations, help, version, json, 'password-stdin': passwordStdin, ...others } = values;
  const { 'default-annotations': defaults, 'dry-run': dryRun, ...texts } = others;
  return {
    command: 'publish',
    inputs: inputsOf({
      ...texts,
      files: positionals.join('\n'),
      annotations: annotations?.join('\n') ?? '',
      'default-annotations': worded(defaults),
      'dry-run': worded(dryRun),
    }),
    paths: positionals,
    json: json ?? false,
    passwordStdin: passwordStdin ?? false,
  };
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

function worded(flag: boolean | undefined): string {
  return flag === undefined ? '' : String(flag);
}
