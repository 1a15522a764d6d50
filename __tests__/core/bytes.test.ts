import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type ByteSource, fileBytes, memoryBytes, streamOf } from '../../src/core/bytes.js';

let folder: string;
let path: string;
const BYTES = Buffer.from('0123456789');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bytes-'));
  path = join(folder, 'file');
  await writeFile(path, BYTES);
});
afterEach(() => rm(folder, { recursive: true }));

describe.each([
  ['memory', async (): Promise<ByteSource> => memoryBytes(BYTES)],
  ['a file', (): Promise<ByteSource> => fileBytes(path)],
])('bytes in %s', (_where, make) => {
  it('can be opened again and again', async () => {
    const bytes = await make();
    expect(bytes.size).toBe(10);
    expect(await buffer(bytes.pieces())).toEqual(BYTES);
    expect(await buffer(bytes.pieces())).toEqual(BYTES);
  });

  it('come as a stream whose pieces are the reader\u2019s to keep', async () => {
    expect(await buffer(streamOf(await make()))).toEqual(BYTES);
  });

  it('can be read anywhere, before and after closing', async () => {
    const bytes = await make();
    expect((await bytes.read(3, 4)).toString()).toBe('3456');
    await bytes.close();
    expect((await bytes.read(9, 1)).toString()).toBe('9');
    await bytes.close();
  });

  it('refuse a read beyond their end', async () => {
    const bytes = await make();
    await expect(bytes.read(8, 3)).rejects.toThrow('it ends at 10');
    await bytes.close();
  });
});

it('a small file is read as one: all its parts are of one moment until it is closed', async () => {
  const bytes = await fileBytes(path);
  expect((await bytes.read(3, 2)).toString()).toBe('34');
  await writeFile(path, 'abcdefghij');
  expect((await bytes.read(5, 2)).toString()).toBe('56');
  await bytes.close();
  expect((await bytes.read(5, 2)).toString()).toBe('fg');
  await bytes.close();
});

describe('a file of many pieces', () => {
  const LARGE = Buffer.from(Array.from({ length: 2_300_000 }, (_, at) => (at * 31 + (at >> 9)) % 256));
  beforeEach(() => writeFile(path, LARGE));

  it('lends each piece until the next is asked for, all in the memory of two', async () => {
    const memories = new Set<unknown>();
    let at = 0;
    for await (const piece of (await fileBytes(path)).pieces()) {
      memories.add(piece.buffer);
      // Time for the piece behind it to be read, which must not spoil this one.
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(piece.equals(LARGE.subarray(at, at + piece.length))).toBe(true);
      at += piece.length;
    }
    expect(at).toBe(LARGE.length);
    expect(memories.size).toBe(2);
  });

  it('gives a stream pieces of their own', async () => {
    const pieces: Buffer[] = await streamOf(await fileBytes(path)).toArray();
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces).equals(LARGE)).toBe(true);
  });
});

describe('a file that changes after it was checked', () => {
  it.each([
    ['grows', () => writeFile(path, `${BYTES}more`)],
    ['shrinks', () => writeFile(path, '0123')],
    ['is touched, its size unchanged', () => utimes(path, new Date(0), new Date(0))],
  ])('is not read to a good end when it %s, nor are all its bytes handed out', async (_how, change) => {
    const bytes = await fileBytes(path);
    await change();
    let seen = 0;
    const readAll = async (): Promise<void> => {
      for await (const piece of bytes.pieces()) seen += piece.length;
    };
    await expect(readAll()).rejects.toThrow('was changed after it had been checked');
    expect(seen).toBeLessThan(bytes.size);
  });

  it('must be a regular file', async () => {
    await expect(fileBytes(folder)).rejects.toThrow('not a regular file');
  });
});
