import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type ByteSource, fileBytes, memoryBytes } from '../../src/core/bytes.js';

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
    expect(await buffer(bytes.open())).toEqual(BYTES);
    expect(await buffer(bytes.open())).toEqual(BYTES);
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

describe('a file that changes after it was checked', () => {
  it.each([
    ['grows', () => writeFile(path, `${BYTES}more`)],
    ['shrinks', () => writeFile(path, '0123')],
    ['is touched, its size unchanged', () => utimes(path, new Date(0), new Date(0))],
  ])('is not read to a good end when it %s', async (_how, change) => {
    const bytes = await fileBytes(path);
    await change();
    await expect(buffer(bytes.open())).rejects.toThrow('was changed after it had been checked');
  });

  it('must be a regular file', async () => {
    await expect(fileBytes(folder)).rejects.toThrow('not a regular file');
  });
});
