import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { explanationIn } from '../../../../src/oci/registry/transport/answer-body.js';

const TEXT = '{"errors":[{"code":"DENIED","message":"no"}]}';

describe('an explanation', () => {
  it.each([
    ['as it is', undefined, Buffer.from(TEXT)],
    ['with an empty encoding', '', Buffer.from(TEXT)],
    ['identity', 'identity', Buffer.from(TEXT)],
    ['gzip', 'gzip', gzipSync(TEXT)],
    ['gzip in capitals', ' GZIP ', gzipSync(TEXT)],
    ['deflate', 'deflate', deflateSync(TEXT)],
    ['brotli', 'br', brotliCompressSync(TEXT)],
  ])('is read although nobody asked for its compression: %s', (_, encoding, bytes) => {
    expect(explanationIn(bytes, encoding)).toBe(TEXT);
  });

  it.each([
    ['an encoding that we do not know', 'zstd', Buffer.from(TEXT)],
    ['an encoding of an encoding', 'gzip, gzip', gzipSync(gzipSync(TEXT))],
    ['bytes that are not what they are called', 'gzip', Buffer.from(TEXT)],
    ['bytes that unpack to very much', 'gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
  ])('is left out where it cannot be read: %s', (_, encoding, bytes) => {
    expect(explanationIn(bytes, encoding)).toBe('');
  });

  it('that was cut is read as far as it came', () => {
    const long = Array.from({ length: 20_000 }, (_, at) => `line ${at} of many`).join('\n');
    const packed = gzipSync(long);
    const read = explanationIn(packed.subarray(0, packed.length / 2), 'gzip');
    expect(read.length).toBeGreaterThan(100);
    expect(long.startsWith(read)).toBe(true);
  });
});
