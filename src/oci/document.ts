import { digestOf } from '../core/digest.js';
import { type Descriptor, isObject, type JsonObject } from './descriptor.js';
import { DocumentError } from './errors.js';
import { isDeeper } from './nesting.js';

/**
 * A manifest or index: its value, the exact bytes, and the descriptor that fits those bytes. The three travel together
 * and bytes are made only here, so no two of them can disagree.
 */
export interface Document<T extends JsonObject = JsonObject> {
  readonly value: T;
  readonly bytes: Buffer;
  /** `mediaType`, `digest` and `size` of `bytes`. */
  readonly descriptor: Descriptor;
}

/** The largest manifest that registries must take, and the most we read of one. distribution-spec v1.1.1, "Pushing Manifests". */
export const LARGEST_DOCUMENT = 4 * 1024 * 1024;

/**
 * As deep as a document may be nested. JSON.parse knows no limit, but JSON.stringify runs out of stack at some thousand;
 * PyOCI's own reader (serde_json) stops here.
 */
const DEEPEST = 128;

/** Encodes a document, once. Members come out in the order they have. */
export function encode<T extends JsonObject & { readonly mediaType: string }>(value: T): Document<T> {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  return { value, bytes, descriptor: { mediaType: value.mediaType, digest: digestOf(bytes), size: bytes.length } };
}

/**
 * A document as somebody else wrote it, bytes untouched. `mediaType` is what the store says; if the document has one
 * of its own the two must agree (image-spec v1.1.1, "mediaType").
 * @throws DocumentError if the bytes are no JSON object in UTF-8, are nested beyond reason, or the types differ.
 */
export function decode(bytes: Buffer, mediaType: string, where: string): Document {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DocumentError(`Cannot read ${where}: it is not JSON`, { cause });
  }
  if (!isObject(value)) throw new DocumentError(`Cannot read ${where}: it is not a JSON object`);
  if (isDeeper(value, DEEPEST)) throw new DocumentError(`Cannot read ${where}: it is nested more than ${DEEPEST} deep`);
  const own = value.mediaType;
  if (own !== undefined && own !== mediaType) {
    throw new DocumentError(
      `Cannot read ${where}: it was served as ${mediaType} but calls itself ${JSON.stringify(own)}`,
    );
  }
  return { value, bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } };
}
