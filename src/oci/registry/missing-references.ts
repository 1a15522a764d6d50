import { type Digest, isDigest } from '../../core/digest.js';
import type { Document } from '../document.js';
import { referencesOf } from '../references.js';
import type { RegistryError } from './errors.js';

/** The spec's code, Cloudflare's, and crane's for a child of an index. */
const CODES = ['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN', 'MANIFEST_UNKNOWN'];
/** Quay and zot say only that the manifest is not valid, and the reason in words. */
const WORDS = /unknown|not found|missing|does not exist|not exist/i;

/**
 * Whether a registry refused a manifest because content it points at is not there.
 * @returns the digests it names, only those that the document points at; `undefined` if it refused for another reason
 */
export function missingIn(error: RegistryError, document: Document): readonly Digest[] | undefined {
  const references = referencesOf(document);
  const wanted = [...references.blobs, ...references.manifests];
  const text = error.complaints.map(({ message, detail }) => `${message} ${detail}`).join(' ');
  const named = wanted.filter((digest): digest is Digest => isDigest(digest) && text.includes(digest));
  if (error.says(...CODES)) return named;
  if (error.says('MANIFEST_INVALID') && (WORDS.test(text) || named.length > 0)) return named;
  return undefined;
}
