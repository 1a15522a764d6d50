/** What verbs have in common that read an image. */
import { UsageError } from '../core/errors.js';
import { givenInputs, READING_INPUTS, type ReadingInputs } from '../run/settings/inputs.js';
import { type Arguments, checkPasswords, FLAG, HELP_FLAG, SIGN_IN, TEXT } from './arguments.js';

export interface ReadingLine {
  readonly inputs: ReadingInputs;
  /** As written. */
  readonly image: string;
  readonly json: boolean;
  readonly passwordStdin: boolean;
}

export const READING = { ...SIGN_IN, 'oci-layout': TEXT, concurrency: TEXT, json: FLAG, help: HELP_FLAG } as const;

export const IMAGE_HELP = `  IMAGE                      as in ghcr.io/octo-org/my_package; http:// in front
                             for a registry without TLS
  --oci-layout FOLDER        an OCI image layout folder instead of a registry:
                             IMAGE is then as in octo-org/my_package
`;

/** @throws UsageError unless one image is named, and one password at most is given */
export function readingLine({ values, positionals }: Arguments<typeof READING>, verb: string): ReadingLine {
  const image = imageIn(positionals, verb);
  checkPasswords(values);
  const { help, json = false, 'password-stdin': passwordStdin = false, ...inputs } = values;
  return { inputs: givenInputs(READING_INPUTS, inputs), image, json, passwordStdin };
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
