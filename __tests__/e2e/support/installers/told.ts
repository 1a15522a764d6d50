import type { Verdict } from './panel.js';

/** What we accept although an installer refuses it. */
export interface Told {
  /** Who refuses it. */
  readonly by: readonly Verdict['by'][];
  /** The words of the refusal. */
  readonly refusal: RegExp;
  /** Our warning, which names who refuses it. Without one the installers alone can find it. */
  readonly warning?: RegExp;
  /** Why we accept it all the same. */
  readonly why: string;
}

/** Each kind that is known and meant; docs/decisions has them too. There should be no others. */
export const TOLD: readonly Told[] = [
  {
    by: ['uv'],
    refusal: /Invalid tar file|gzip|deflate/i,
    warning: /it is several gzip members in a row: pip unpacks all of them, uv only the first/,
    why: 'one file by the text of the format, which pip and the public index take',
  },
  {
    by: ['uv'],
    refusal: /Invalid tar file|gzip|deflate/i,
    warning: /its gzip header has a checksum of its own \(FHCRC\): pip unpacks it, uv does not/,
    why: 'the text of the format has it, and pip and the public index take it',
  },
  {
    by: ['pip', 'uv'],
    refusal: /Bad CRC|zlib\.error: Error -\d|deflate decompression error/,
    why: 'a member that we do not unpack: to unpack all takes some twenty times as long as SHA-256 of the file',
  },
];

/** Whether a refusal is of a kind that is listed, and told where it can be. */
export function isTold({ by, refusal = '' }: Verdict, warnings: readonly string[]): boolean {
  return TOLD.some(
    (kind) =>
      kind.by.includes(by) &&
      kind.refusal.test(refusal) &&
      (kind.warning === undefined || warnings.some((warning) => kind.warning?.test(warning))),
  );
}
