/** The kinds of attachments: how each is named beside its file, what it is, and the media type of its bytes. */

/** Words for what an attachment is. A user may have others. */
export const ATTESTATION = 'attestation';
export const SBOM = 'sbom';
export const SIGNATURE = 'signature';

/** Of attestations as PyPI defines them, which have no registered type. @see https://peps.python.org/pep-0740/ */
export const PEP_740 = 'application/vnd.pypi.attestation.v1+json';
/** @see https://docs.sigstore.dev/about/bundle/ */
export const SIGSTORE_BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
/** @see https://www.iana.org/assignments/media-types/application/vnd.cyclonedx+json */
export const CYCLONEDX = 'application/vnd.cyclonedx+json';
/** @see https://www.iana.org/assignments/media-types/application/spdx+json */
export const SPDX = 'application/spdx+json';
/** Of what only its user knows. */
export const ANY_BYTES = 'application/octet-stream';

/** What follows the name of a file in the name of an attachment beside it. */
export type Suffix = '.publish.attestation' | '.slsa.attestation' | '.sigstore.json' | '.cdx.json' | '.spdx.json';

export const SUFFIXES: readonly Suffix[] = [
  '.publish.attestation',
  '.slsa.attestation',
  '.sigstore.json',
  '.cdx.json',
  '.spdx.json',
];

/**
 * Words that may not stand for a type: as the last part of a name they make it one that installers take for a package's
 * file.
 */
const EXTENSIONS = [
  'whl',
  'egg',
  'zip',
  'tar',
  'tgz',
  'tbz',
  'tbz2',
  'txz',
  'tlz',
  'tzst',
  'gz',
  'bz2',
  'xz',
  'lz',
  'zst',
];

/** Whether a word may stand for the type of an attachment: lower-case letters, digits and dashes, a letter in front. */
export function isTypeWord(word: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(word) && !EXTENSIONS.includes(word);
}

/** The suffix of what only its user has a word for. */
export function suffixOfType(type: string): string {
  return `.${type}`;
}

/**
 * `platform.architecture` of an attachment, which no file has and no machine. PyOCI makes of it the name that the
 * attachment has beside its file.
 * @param file architecture of the file that it is about; `undefined` if it is about the version
 */
export function attachmentArchitecture(file: string | undefined, suffix: string): string {
  return `${file === undefined ? '' : namePart(file)}${suffix}`;
}

/** Whether an attachment of this architecture is about the file of that one, going by the names. */
export function isNamedAfter(attachment: string, file: string): boolean {
  return attachment.startsWith(namePart(file));
}

/** What follows `name-version` in the name of a file. */
function namePart(file: string): string {
  return file.startsWith('.') ? file : `-${file}`;
}
