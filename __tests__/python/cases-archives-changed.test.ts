import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileBytes, streamOf } from '../../src/core/bytes.js';
import { digestOf, verifying } from '../../src/core/digest.js';
import { readSdist } from '../../src/python/archive.js';
import { sdistFile } from '../support/builders.js';

describe('a file that changes', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sdist-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const upload = async (path: string, change: (original: Buffer) => Promise<void>): Promise<void> => {
    const bytes = await fileBytes(path);
    expect(await readSdist(bytes)).toMatchObject({ top: 'foo-1.0' });
    const original = await bytes.read(0, bytes.size);
    await bytes.close();
    await change(original);
    await pipeline(
      streamOf(bytes),
      verifying({ digest: digestOf(original), size: bytes.size }),
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    );
  };

  it('case 63: bytes added between hashing and upload stop the upload', async () => {
    const path = await sdistFile(folder);
    await expect(upload(path, () => appendFile(path, 'x'))).rejects.toThrow(/was changed after it had been checked/);
  });

  it('case 63: other bytes of the same number stop the upload', async () => {
    const path = await sdistFile(folder);
    const change = (original: Buffer) => writeFile(path, Buffer.from(original).reverse());
    // Where the file system's clock is too coarse to tell, the digest does.
    await expect(upload(path, change)).rejects.toThrow(/was changed after it had been checked|the bytes have digest/);
  });
});
