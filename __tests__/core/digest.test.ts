import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
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

  it('holds its end back until all of it was found right', async () => {
    const bytes = Buffer.from('abcdefghij');
    const seen: string[] = [];
    const counts: number[] = [];
    async function* slowly(texts: readonly string[]): AsyncGenerator<Buffer> {
      for (const text of texts) {
        await setImmediate();
        yield Buffer.from(text);
      }
      await setImmediate();
    }
    const read = async (promised: Buffer): Promise<void> => {
      const options = { holdBack: 4, onProgress: (count: number) => counts.push(count) };
      const source = Readable.from(slowly(['abc', 'def', 'ghi', 'j']));
      const checked = source.pipe(verifying({ digest: digestOf(promised), size: 10 }, options));
      for await (const chunk of checked) seen.push(String(chunk));
    };

    await expect(read(Buffer.from('abcdefghiJ'))).rejects.toThrow('the bytes have digest');
    // The last four bytes are `g` to `j`; whole pieces are held, so never fewer than asked for.
    expect(seen).toEqual(['abc', 'def']);

    await read(bytes);
    expect(seen.slice(2).join('')).toBe('abcdefghij');
    expect(counts).toEqual([3, 6, 9, 10, 3, 6, 9, 10]);
  });
});
