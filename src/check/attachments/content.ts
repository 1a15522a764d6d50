/** Reads a file that is to be attached, and says what it is. */
import { lstat } from 'node:fs/promises';
import { type ByteSource, fileBytes } from '../../core/bytes.js';
import { digestOf, hexOf } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { sizeText } from '../../core/text/size.js';
import { isObject, type JsonObject } from '../../oci/descriptor.js';
import { isDeeper } from '../../oci/nesting.js';
import { CYCLONEDX, SIGSTORE_BUNDLE, SPDX, type Suffix } from '../../pyoci/attachment/kinds.js';
import { LARGEST_ATTACHMENT } from './attachment.js';

/** A file that may be attached: small enough, and no link. */
export interface Content {
  readonly bytes: ByteSource;
  /** 64 hex characters. */
  readonly sha256: string;
  /** Its JSON object; `undefined` if it is none. */
  readonly value: JsonObject | undefined;
  /** Why it is none. */
  readonly fault: string | undefined;
}

/**
 * Reads the whole file.
 * @throws UserError if it is a link, no file, empty, or larger than 16 MiB; what the file system throws
 */
export async function readContent(path: string): Promise<Content> {
  const status = await lstat(path);
  if (status.isSymbolicLink()) {
    throw new UserError('it is a symbolic link, expected a file', {
      hint: 'put the file itself there: a link could lead to one that nobody meant to publish',
    });
  }
  const bytes = await fileBytes(path);
  if (bytes.size === 0) throw new UserError('it is empty', { hint: 'see whether the step that makes it failed' });
  if (bytes.size > LARGEST_ATTACHMENT) {
    throw new UserError(`it has ${sizeText(bytes.size)}, and an attachment at most ${sizeText(LARGEST_ATTACHMENT)}`, {
      hint: 'publish it elsewhere, with a release for example, or attach a smaller one',
    });
  }
  const held = await bytes.read(0, bytes.size);
  await bytes.close();
  return contentOf(bytes, held);
}

/** @param held all of the bytes */
export function contentOf(bytes: ByteSource, held: Buffer): Content {
  return { bytes, sha256: hexOf(digestOf(held)), ...jsonOf(held) };
}

/** An SBOM of nested components has a dozen levels. */
const DEEPEST = 128;

function jsonOf(held: Buffer): Pick<Content, 'value' | 'fault'> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(held));
    if (!isObject(value)) return { value: undefined, fault: 'it is no JSON object' };
    if (isDeeper(value, DEEPEST)) return { value: undefined, fault: `it is nested more than ${DEEPEST} deep` };
    return { value, fault: undefined };
  } catch {
    const lines = held.toString('latin1').trimEnd().split('\n');
    const several = lines.length > 1 && lines.every((line) => line.trimStart().startsWith('{'));
    return { value: undefined, fault: several ? `it holds ${lines.length} JSON texts, one a line` : 'it is not JSON' };
  }
}

/** @throws UserError if it is no JSON object */
export function objectIn({ value, fault }: Content): JsonObject {
  if (value) return value;
  throw new UserError(`${fault}, expected one JSON object`, {
    hint: 'see whether the step that makes it was cut off; several bundles belong into files of their own',
  });
}

/** The kind of an SBOM by what it says itself. @throws UserError if it is neither of the two */
export function sbomKind(content: Content): { readonly suffix: Suffix; readonly mediaType: string } {
  const value = objectIn(content);
  if (value.bomFormat === 'CycloneDX') return { suffix: '.cdx.json', mediaType: CYCLONEDX };
  const context = JSON.stringify(value['@context'] ?? '');
  if (typeof value.spdxVersion === 'string' || context.includes('spdx.org/')) {
    return { suffix: '.spdx.json', mediaType: SPDX };
  }
  throw new UserError('it is neither CycloneDX nor SPDX in JSON', {
    hint: 'have the tool write one of the two as JSON; anything else goes under a word of your own, as in notes=FILE',
  });
}

/** The media type of a bundle is its own, as far as it can be one of a descriptor, which has no parameters. */
export function bundleType({ mediaType }: JsonObject): string {
  const [bare = ''] = typeof mediaType === 'string' ? mediaType.split(';') : [];
  return bare || SIGSTORE_BUNDLE;
}
