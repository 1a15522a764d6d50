/** The METADATA of a wheel in a repository, without the wheel: out of the config of its manifest, else by ranged reads. */
import { buffer } from 'node:stream/consumers';
import { fromRandomAccessReaderPromise } from 'yauzl';
import { type Digest, digestOf } from '../../core/digest.js';
import { explain, UserError } from '../../core/errors.js';
import { isDescriptor } from '../../oci/descriptor.js';
import type { ReadOptions, Repository } from '../../oci/store.js';
import { metadataInConfig, WHEEL_CONFIG } from '../../pyoci/wheel-config.js';
import { WheelBlob } from './wheel-blob.js';

/** A wheel as a page lists it. */
export interface ListedWheel {
  readonly filename: string;
  /** 64 hex characters. */
  readonly sha256: string;
  /** Of the image manifest that stands for it. */
  readonly manifest: Digest;
  /** SHA-256 of METADATA in hex, where the index tells. */
  readonly coreMetadata?: string | true | undefined;
}

/** No METADATA that anybody wrote has more bytes. */
const LARGEST = 4 * 1024 * 1024;
const NAME = /^[^/]+\.dist-info\/METADATA$/;

/**
 * METADATA, byte for byte as it is in the wheel.
 * @throws UserError if the manifest is gone, or the wheel has no METADATA that can be read
 */
export async function readCoreMetadata(
  repository: Repository,
  wheel: ListedWheel,
  options: ReadOptions,
): Promise<Uint8Array> {
  const failed = (why: string, cause?: unknown): UserError =>
    new UserError(`Cannot read the metadata of ${wheel.filename}: ${why}`, { cause });
  const manifest = await repository.getManifest(wheel.manifest, options);
  const layers = manifest?.value.layers;
  const [layer] = Array.isArray(layers) ? (layers as readonly unknown[]) : [];
  if (!isDescriptor(layer) || layer.digest !== `sha256:${wheel.sha256}`) {
    throw failed(`its manifest ${wheel.manifest} is gone, or stands for another file`);
  }
  const { config } = manifest?.value ?? {};
  if (isDescriptor(config) && config.mediaType === WHEEL_CONFIG && config.size <= 2 * LARGEST) {
    const bytes = metadataInConfig(await buffer(await repository.openBlob(config, options)));
    if (bytes && fits(bytes, wheel)) return bytes;
  }
  let found: Uint8Array | undefined;
  try {
    found = await inArchive(new WheelBlob(repository, layer, options), layer.size);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw failed(`${repository.name} holds no ZIP archive under its digest (${explain(error)})`, error);
  }
  if (!found) throw failed('it has no METADATA in a .dist-info folder');
  if (!fits(found, wheel)) throw failed('it is not what the index says of it');
  return found;
}

function fits(bytes: Uint8Array, { coreMetadata }: ListedWheel): boolean {
  return typeof coreMetadata !== 'string' || digestOf(bytes) === `sha256:${coreMetadata}`;
}

/** The one member of that name; a member of two readings is nobody's business here, since clients verify the wheel. */
async function inArchive(blob: WheelBlob, size: number): Promise<Uint8Array | undefined> {
  const archive = await fromRandomAccessReaderPromise(blob, size);
  for await (const entry of archive.eachEntry()) {
    if (!NAME.test(entry.fileName)) continue;
    if (entry.uncompressedSize > LARGEST) return undefined;
    return buffer(await archive.openReadStreamPromise(entry));
  }
  return undefined;
}
