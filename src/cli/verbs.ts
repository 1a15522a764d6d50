/** The command lines of the verbs beside publishing. Each gives `undefined` where help is asked for. */
import { UsageError } from '../core/errors.js';
import type { RawInputs } from '../run/settings/inputs.js';
import { checkPasswords, FLAG, HELP_FLAG, inputsOf, parse, SIGN_IN, TEXT } from './arguments.js';

export interface CheckLine {
  readonly command: 'check';
  /** Literal paths, at least one. */
  readonly paths: readonly string[];
  readonly json: boolean;
}

/** What verbs have in common that read an image. */
interface ReadingLine {
  readonly inputs: RawInputs;
  /** As written. */
  readonly image: string;
  readonly json: boolean;
  readonly passwordStdin: boolean;
}

export interface ShowLine extends ReadingLine {
  readonly command: 'show';
}

export interface PullLine extends ReadingLine {
  readonly command: 'pull';
  /** The folder the files go to. */
  readonly directory: string;
  readonly force: boolean;
}

const READING = { ...SIGN_IN, 'oci-layout': TEXT, concurrency: TEXT, json: FLAG, help: HELP_FLAG } as const;
const PULLING = { ...READING, directory: { type: 'string', short: 'd' }, force: FLAG } as const;

export function parseCheck(argv: readonly string[]): CheckLine | undefined {
  const { values, positionals } = parse(argv, { json: FLAG, help: HELP_FLAG });
  if (values.help) return undefined;
  if (!positionals.length) {
    throw new UsageError('Cannot check: no files are named', { hint: 'name them, as in `pyoci-publish check dist/*`' });
  }
  return { command: 'check', paths: positionals, json: values.json ?? false };
}

export function parseShow(argv: readonly string[]): ShowLine | undefined {
  const { values, positionals } = parse(argv, READING);
  if (values.help) return undefined;
  return { command: 'show', ...readingLine(values, imageIn(positionals, 'show')) };
}

export function parsePull(argv: readonly string[]): PullLine | undefined {
  const { values, positionals } = parse(argv, PULLING);
  if (values.help) return undefined;
  const { directory = '.', force = false, ...reading } = values;
  if (directory === '') throw new UsageError('Cannot pull: -d names no folder', { hint: 'leave it out to pull here' });
  return { command: 'pull', ...readingLine(reading, imageIn(positionals, 'pull')), directory, force };
}

type Values = ReturnType<typeof parse<typeof READING>>['values'];

function readingLine(values: Values, image: string): ReadingLine {
  checkPasswords(values);
  const { help, json = false, 'password-stdin': passwordStdin = false, ...inputs } = values;
  return { inputs: inputsOf(inputs), image, json, passwordStdin };
}

function imageIn(positionals: readonly string[], verb: string): string {
  const [image, ...others] = positionals;
  if (image !== undefined && !others.length) return image;
  throw new UsageError(
    `Cannot ${verb}: expected one image, found ${image === undefined ? 'none' : positionals.join(' ')}`,
    {
      hint: `name one, as in \`pyoci-publish ${verb} ghcr.io/octo-org/my_package:1.0\``,
    },
  );
}
