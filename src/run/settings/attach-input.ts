import { UsageError } from '../../core/errors.js';
import { ATTESTATION, isTypeWord, SBOM, SIGNATURE } from '../../pyoci/attachment/kinds.js';

/** Files that the user names for a version, and what they are. */
export interface AttachRequest {
  /** `attestation`, `sbom`, `signature`, or a word of the user's. */
  readonly type: string;
  /** A glob pattern for the action, a path for the command. */
  readonly pattern: string;
}

/**
 * One line of the `attach` input: `TYPE=FILE`.
 * @throws UsageError for anything else
 */
export function parseAttach(line: string): AttachRequest {
  const [, type = '', pattern = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(line) ?? [];
  if (type === '' || pattern === '') {
    throw new UsageError(`found "${line}", expected TYPE=FILE, as in ${SBOM}=build/sbom.cdx.json`);
  }
  if (!isTypeWord(type)) {
    throw new UsageError(
      `found the type "${type}", expected ${ATTESTATION}, ${SBOM}, ${SIGNATURE} or a word of your own: lower-case letters, digits and dashes, and none that is the extension of an archive`,
    );
  }
  return { type, pattern };
}
