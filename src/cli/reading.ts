/** What verbs have in common that read an image. */
import { UsageError } from '../core/errors.js';
import { givenInputs, READING_INPUTS, type ReadingInputs } from '../run/settings/inputs.js';
import { type Arguments, checkPasswords, FLAG, HELP_FLAG, SIGN_IN, TEXT } from './arguments.js';

export interface ReadingLine {
  readonly inputs: ReadingInputs;
  /** As written. */
  readonly image: string;
  /** A specifier, as written; `undefined` if the image says, or all are. */
  readonly versions: string | undefined;
  readonly json: boolean;
  readonly passwordStdin: boolean;
}

export const READING = { ...SIGN_IN, 'oci-layout': TEXT, concurrency: TEXT, json: FLAG, help: HELP_FLAG } as const;

export const IMAGE_HELP = `  IMAGE                      as in ghcr.io/octo-org/my_package; http:// in front
                             for a registry without TLS
  --oci-layout FOLDER        an OCI image layout folder instead of a registry:
                             IMAGE is then as in octo-org/my_package
`;

export const VERSIONS_HELP = `  VERSIONS                   a version specifier as pip has it, in quotes, as in
                             '>=1.2,<2'; pre-releases as pip takes them
`;

/** @throws UsageError unless one image is named, with one specifier at most, and one password at most is given */
export function readingLine({ values, positionals }: Arguments<typeof READING>, verb: string): ReadingLine {
  const [image, versions, ...others] = positionals;
  if (image === undefined || others.length) {
    throw new UsageError(
      `Cannot ${verb}: expected one image, found ${image === undefined ? 'none' : positionals.join(' ')}`,
      { hint: `name one, as in \`pyoci-publish ${verb} ghcr.io/octo-org/my_package:1.0\`` },
    );
  }
  checkPasswords(values);
  const { help, json = false, 'password-stdin': passwordStdin = false, ...inputs } = values;
  return {
    inputs: givenInputs(READING_INPUTS, inputs),
    image,
    versions,
    json,
    passwordStdin,
  };
}
