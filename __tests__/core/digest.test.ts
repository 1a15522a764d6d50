import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { memoryBytes } from '../../src/core/bytes.js';
import {
  digestFromHex,
  digestOf,
  digestOfSource,
  hexOf,
  isDigest,
  parseDigest,
  verifying,
} from '../../src/core/digest.js';

const BYTES = Buffer.from('{}');
const DIGEST = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

describe('a digest', () => {
  it('is computed as the image spec gives it for the empty JSON', async () => {
    expect(digestOf(BYTES)).toBe(DIGEST);
    expect(await digestOfSource(memoryBytes(BYTES))).toBe(DIGEST);
    expect(digestFromHex(hexOf(parseDigest(DIGEST)))).toBe(DIGEST);
  });

  it.each([
    '',
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    `sha512:${'a'.repeat(128)}`,
    `${DIGEST}0`,
    ` ${DIGEST}`,
    `${DIGEST}\n`,
  ])('is not %j', (text) => {
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest(text)).toThrow('expected sha256:');
  });
});

describe('a verifying stream', () => {
  const through = (chunks: Buffer[], size: number) =>
    buffer(Readable.from(chunks).pipe(verifying({ digest: parseDigest(DIGEST), size })));

  it('passes the bytes that were promised', async () => {
    expect(await through([BYTES], 2)).toEqual(BYTES);
  });

  it.each([
    ['other bytes', [Buffer.from('[]')], 2, 'the bytes have digest sha256:'],
    ['too few bytes', [Buffer.from('{')], 2, 'expected 2 bytes, found 1'],
    ['too many bytes', [BYTES, Buffer.from('x')], 2, 'more than 2 bytes'],
  ])('refuses %s', async (_what, chunks, size, message) => {
    await expect(through(chunks, size)).rejects.toThrow(message);
  });
});
