/** The config of a wheel's manifest: METADATA as text, so that readers have it without the wheel. */
import { isObject, type Json } from '../oci/descriptor.js';

/** Media type of the config. It says nothing that an image's config says. */
export const WHEEL_CONFIG = 'application/vnd.pyoci-publish.wheel.config.v1+json';

const METADATA = 'core-metadata';
/** Larger ones are left out, and read from the wheel. */
export const LARGEST_METADATA = 1024 * 1024;

/**
 * The config that holds this METADATA.
 * @returns `undefined` if it is no UTF-8, or too large: then the manifest has the empty config
 */
export function wheelConfig(metadata: Uint8Array): Uint8Array | undefined {
  if (metadata.length > LARGEST_METADATA) return undefined;
  const text = utf8(metadata);
  return text === undefined ? undefined : Buffer.from(JSON.stringify({ [METADATA]: text }));
}

/** METADATA out of a config, byte for byte; `undefined` if it is none of ours. */
export function metadataInConfig(config: Uint8Array): Uint8Array | undefined {
  let value: Json;
  try {
    value = JSON.parse(Buffer.from(config).toString('utf8')) as Json;
  } catch {
    return undefined;
  }
  const text = isObject(value) ? value[METADATA] : undefined;
  return typeof text === 'string' ? Buffer.from(text) : undefined;
}

/** `undefined` where decoding would change a byte; a mark of byte order at the start is a byte like others. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
