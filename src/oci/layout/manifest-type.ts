import { isObject } from '../descriptor.js';
import { MANIFEST_TYPES, OCI_INDEX, OCI_MANIFEST } from '../media-types.js';

/**
 * The media type of a manifest or index read by digest, where no descriptor tells it; `undefined` for other content.
 * Documents written before image-spec v1.1 may lack `mediaType` and are known by their members.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions
 */
export function manifestTypeOf(bytes: Uint8Array): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.schemaVersion !== 2) return undefined;
  const { mediaType } = value;
  if (typeof mediaType === 'string') return MANIFEST_TYPES.includes(mediaType) ? mediaType : undefined;
  if (Array.isArray(value.manifests)) return OCI_INDEX;
  return isObject(value.config) && Array.isArray(value.layers) ? OCI_MANIFEST : undefined;
}
