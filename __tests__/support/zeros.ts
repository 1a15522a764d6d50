import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';

const MIB = 1024 * 1024;
const ONE = Buffer.alloc(MIB);

/** Deflated zeros, `mebibytes` of them, with their CRC-32: made without ever holding them. */
export function deflatedZeros(mebibytes: number): { readonly payload: Buffer; readonly crc: number } {
  const open = deflateRawSync(ONE, { finishFlush: constants.Z_FULL_FLUSH });
  const parts = Array.from({ length: mebibytes - 1 }, () => open);
  let crc = 0;
  for (let count = 0; count < mebibytes; count += 1) crc = crc32(ONE, crc);
  return { payload: Buffer.concat([...parts, deflateRawSync(ONE)]), crc };
}

/** A gzip file of zeros, `mebibytes` of them, as joined members of 1 MiB each. */
export function gzippedZeros(mebibytes: number): Buffer {
  const one = gzipSync(ONE);
  return Buffer.concat(Array.from({ length: mebibytes }, () => one));
}
