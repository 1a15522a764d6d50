/** The METADATA of a wheel in a repository, without the wheel: out of the config of its manifest, else by ranged reads. */
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise } from 'yauzl';
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

/** Why a wheel has no METADATA for us: the end of a sentence. */
class NoMetadata extends Error {}

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
  const said = await inConfig(repository, manifest?.value.config, options);
  if (said && fits(said, wheel)) return said;
  let found: Uint8Array;
  try {
    found = await inArchive(new WheelBlob(repository, layer, options), layer.size);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof NoMetadata) throw failed(error.message);
    throw failed(`${repository.name} holds no ZIP archive under its digest (${explain(error)})`, error);
  }
  if (!fits(found, wheel)) throw failed('it is not what the index says of it');
  return found;
}

function fits(bytes: Uint8Array, { coreMetadata }: ListedWheel): boolean {
  return typeof coreMetadata !== 'string' || digestOf(bytes) === `sha256:${coreMetadata}`;
}

/** `undefined` where the config is none of ours or cannot be read: the wheel has METADATA too. */
async function inConfig(
  repository: Repository,
  config: unknown,
  options: ReadOptions,
): Promise<Uint8Array | undefined> {
  if (!isDescriptor(config) || config.mediaType !== WHEEL_CONFIG || config.size > 2 * LARGEST) return undefined;
  try {
    return metadataInConfig(await buffer(await repository.openBlob(config, options)));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Of two members of that name the last counts, as in Python. */
async function inArchive(blob: WheelBlob, size: number): Promise<Uint8Array> {
  const archive = await fromRandomAccessReaderPromise(blob, size, { autoClose: false });
  let found: Entry | undefined;
  for await (const entry of archive.eachEntry()) {
    if (!NAME.test(entry.fileName)) continue;
    if (found && found.fileName !== entry.fileName) throw new NoMetadata('it has two .dist-info folders with METADATA');
    found = entry;
  }
  if (!found) throw new NoMetadata('it has no METADATA in a .dist-info folder');
  if (found.uncompressedSize > LARGEST) {
    throw new NoMetadata(`its METADATA has ${found.uncompressedSize} bytes, more than ${LARGEST}`);
  }
  const bytes = await buffer(await archive.openReadStreamPromise(found));
  if (crc32(bytes) !== found.crc32) throw new NoMetadata('the bytes of its METADATA do not fit their CRC');
  return bytes;
}
