import { DocumentReader } from '../../src/catalog/document-reader.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { MemoryStore } from '../support/memory-store.js';
import { standingVersion } from '../support/pyoci-version.js';
import { wholePackage } from '../support/stored-contents.js';

describe('documents that are read to be held together', () => {
  const repository = new MemoryStore().repository(parseRepositoryName('o/my_foo'));
  const reader = (mostBytes: number) => new DocumentReader(2, new AbortController().signal, mostBytes);
  let size: number;
  beforeAll(async () => {
    size = (await standingVersion(repository, '1.0', [{ architecture: '.tar.gz' }])).descriptor.size;
  });

  it('are given up when they come to more than fits, and no more are asked for', async () => {
    const full = reader(size - 1);
    const message = 'Cannot read o/my_foo: its indexes and manifests are too large to be held together';
    await expect(full.read(repository, parseTag('1.0'))).rejects.toThrow(message);
    await expect(full.read(repository, parseTag('9.9'))).rejects.toThrow(message);
  });

  it('are read up to the last byte that fits, and what is not there takes no room', async () => {
    const exact = reader(size);
    expect((await exact.read(repository, parseTag('1.0')))?.descriptor.size).toBe(size);
    expect(await exact.read(repository, parseTag('9.9'))).toBeUndefined();
  });

  it('count over the files and versions of a package', async () => {
    await expect(wholePackage(repository, 'o/my_foo', reader(size))).rejects.toThrow('too large to be held together');
    expect((await wholePackage(repository, 'o/my_foo', reader(10 * size))).versions).toHaveLength(1);
  });
});
