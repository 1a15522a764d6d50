import { type Digest, isDigest } from '../../core/digest.js';
import type { Document } from '../document.js';
import { referencesOf } from '../references.js';
import type { RegistryError } from './refusal/errors.js';
import { allSaid } from './refusal/reasons.js';

/** The spec's code, Cloudflare's, and crane's for a child of an index. */
const CODES = ['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN', 'MANIFEST_UNKNOWN'];
/** Quay and zot say only that the manifest is not valid, and the reason in words: with the digest, or of a blob at least. */
const MISSING_BLOB =
  /\b(?:unknown|missing|absent) blob\b(?! (?:media|type))|\bblob (?:is )?(?:unknown|missing|not found|does not exist)/i;
/** What is wrong with content that is there, be it named or not: no upload mends that. */
const OTHER_FAULT =
  /\b(?:media|artifact|mime|config|content)[- ]?type|\bschema|\bsize\b|\bplatform\b|\bannotation|\bunsupported\b|not (?:allowed|supported|accepted)/i;

/**
 * Whether a registry refused a manifest because content it points at is not there.
 * @returns the digests it names, only those that the document points at; `undefined` if it refused for another reason
 */
export function missingIn(error: RegistryError, document: Document): readonly Digest[] | undefined {
  const references = referencesOf(document);
  const wanted = [...references.blobs, ...references.manifests];
  const text = allSaid(error.reasons);
  const named = wanted.filter((digest): digest is Digest => isDigest(digest) && text.includes(digest));
  if (error.says(...CODES)) return named;
  if (!error.says('MANIFEST_INVALID')) return undefined;
  if (MISSING_BLOB.test(text)) return named;
  return named.length > 0 && !OTHER_FAULT.test(text) ? named : undefined;
}
