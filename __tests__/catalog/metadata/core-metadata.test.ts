import { randomBytes } from 'node:crypto';
import { readCoreMetadata } from '../../../src/catalog/metadata/core-metadata.js';
import { memoryBytes } from '../../../src/core/bytes.js';
import { type Digest, digestOf, hexOf } from '../../../src/core/digest.js';
import { UserError } from '../../../src/core/errors.js';
import type { Descriptor } from '../../../src/oci/descriptor.js';
import { encode } from '../../../src/oci/document.js';
import { RangeRefusedError } from '../../../src/oci/errors.js';
import { OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import type { ByteRange, Ranged, Repository } from '../../../src/oci/store.js';
import { WHEEL_CONFIG } from '../../../src/pyoci/wheel-config.js';
import { aWheel, metadataText, zip } from '../../support/builders.js';
import { MemoryStore } from '../../support/memory-store.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { startRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const FILENAME = 'foo-1.0-py3-none-any.whl';

/** A wheel as PyOCI publishes it, and what is read of it in parts. */
async function published(bytes: Buffer) {
  const repository = new MemoryStore().repository(parseRepositoryName('o/foo'));
  const index = await standingVersion(repository, '1.0', [{ architecture: 'py3-none-any.whl', bytes }]);
  const [entry] = index.value.manifests as unknown as readonly Descriptor[];
  if (!entry) throw new Error('no entry');
  const ranges: ByteRange[] = [];
  const read = repository.openBlobRange.bind(repository);
  repository.openBlobRange = async (blob, range, options) => {
    ranges.push(range);
    return read(blob, range, options);
  };
  return { repository, wheel: { filename: FILENAME, sha256: hexOf(digestOf(bytes)), manifest: entry.digest }, ranges };
}

/** The same file under a manifest with this config. */
async function withConfig(repository: Repository, manifest: Digest, config: Buffer): Promise<Digest> {
  const descriptor = { mediaType: WHEEL_CONFIG, digest: digestOf(config), size: config.length };
  await repository.putBlob(descriptor, memoryBytes(config));
  const { value } = (await repository.getManifest(manifest)) ?? {};
  const changed = encode({ ...value, mediaType: OCI_MANIFEST, config: descriptor });
  await repository.putManifest(changed);
  return changed.descriptor.digest;
}

const text = async (repository: Repository & Partial<Ranged>, wheel: Parameters<typeof readCoreMetadata>[1]) =>
  Buffer.from(await readCoreMetadata(repository, wheel, {})).toString();

describe('the metadata of a wheel in a repository', () => {
  it.each([
    ['deflated, at the end', {}],
    ['stored', { deflate: false }],
    ['at the beginning', { metadataAt: 'first' as const }],
    ['in other words', { body: 'é\r\n\u{1f40d}\n', headers: ['Requires-Python: >=3.9'] }],
  ])('is what the wheel has, byte for byte: %s', async (_, options) => {
    const { repository, wheel } = await published(aWheel({ name: 'foo', ...options }));
    expect(await text(repository, wheel)).toBe(metadataText({ name: 'foo', ...options }).toString());
  });

  it('comes with less than 100 KiB of a wheel that is large, wherever it stands in it', async () => {
    for (const metadataAt of ['first', 'last'] as const) {
      const files = { 'foo/data.bin': Buffer.alloc(20_000_000) };
      const { repository, wheel, ranges } = await published(aWheel({ name: 'foo', files, deflate: false, metadataAt }));
      expect(await text(repository, wheel)).toContain('Name: foo');
      expect(ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBeLessThan(100 * 1024);
      expect(ranges.length).toBeLessThanOrEqual(3);
    }
  });

  it('comes from a home that gives no parts as well', async () => {
    const { repository, wheel } = await published(aWheel({ name: 'foo' }));
    const plain = Object.assign(Object.create(null) as object, {
      name: repository.name,
      getManifest: repository.getManifest.bind(repository),
      openBlob: repository.openBlob.bind(repository),
    }) as Repository;
    expect(await text(plain, wheel)).toContain('Name: foo');
  });

  it('comes out of the whole wheel where parts are refused, and parts are not asked for again', async () => {
    const { repository, wheel } = await published(aWheel({ name: 'foo', files: { 'a.bin': Buffer.alloc(200_000) } }));
    let asked = 0;
    repository.openBlobRange = async () => {
      asked += 1;
      throw new RangeRefusedError('no parts here');
    };
    expect(await text(repository, wheel)).toBe(metadataText({ name: 'foo' }).toString());
    expect(asked).toBe(1);
  });

  it('is not read in parts that fail for another reason than being parts', async () => {
    const { repository, wheel } = await published(aWheel({ name: 'foo' }));
    repository.openBlobRange = async () => {
      throw new UserError('the registry is down');
    };
    await expect(text(repository, wheel)).rejects.toThrow('the registry is down');
  });

  it.each([
    ['no JSON', 'not JSON'],
    ['without METADATA', '{}'],
    ['with METADATA that is no text', '{"core-metadata":7}'],
  ])('comes out of the wheel where the config is %s', async (_, config) => {
    const { repository, wheel } = await published(aWheel({ name: 'foo' }));
    const named = await withConfig(repository, wheel.manifest, Buffer.from(config));
    expect(await text(repository, { ...wheel, manifest: named })).toBe(metadataText({ name: 'foo' }).toString());
  });

  it('comes out of the wheel where the config is gone', async () => {
    const { repository, wheel } = await published(aWheel({ name: 'foo' }));
    const config = Buffer.from('{"core-metadata":"what the config said"}');
    const named = await withConfig(repository, wheel.manifest, config);
    expect(await text(repository, { ...wheel, manifest: named })).toBe('what the config said');
    const open = repository.openBlob.bind(repository);
    repository.openBlob = async (blob, options) => {
      if (blob.mediaType === WHEEL_CONFIG) throw new UserError('it is not there');
      return open(blob, options);
    };
    expect(await text(repository, { ...wheel, manifest: named })).toBe(metadataText({ name: 'foo' }).toString());
  });

  it('is the last of two members of that name, as Python has it', async () => {
    const twice = ['one', 'two'].map((data) => ({ name: 'foo-1.0.dist-info/METADATA', data }));
    const { repository, wheel } = await published(zip(twice));
    expect(await text(repository, wheel)).toBe('two');
  });

  it.each([
    ['is no archive', Buffer.from('not a wheel at all, whatever its name says'), /holds no ZIP archive/],
    ['was cut short', aWheel({ name: 'foo' }).subarray(0, 200), /holds no ZIP archive/],
    [
      'has no METADATA',
      zip([{ name: 'foo/__init__.py', data: Buffer.from('') }]),
      /no METADATA in a .dist-info folder/,
    ],
    [
      'has two of them',
      zip(['foo', 'bar'].map((name) => ({ name: `${name}-1.0.dist-info/METADATA`, data: 'x' }))),
      /two .dist-info folders with METADATA/,
    ],
    [
      'has other bytes than its CRC says',
      zip([{ name: 'foo-1.0.dist-info/METADATA', data: 'right', payload: Buffer.from('wrong') }]),
      /do not fit their CRC/,
    ],
    ['has it deeper', zip([{ name: 'a/foo-1.0.dist-info/METADATA', data: Buffer.from('x') }]), /no METADATA/],
  ])('is not to be had of a file that %s', async (_, bytes, message) => {
    const { repository, wheel } = await published(bytes);
    await expect(text(repository, wheel)).rejects.toThrow(message);
  });

  it.each([1, 2])('is read again where the connection breaks off, %i times', async (times) => {
    const registry = await startRegistry();
    const store = storeOn(registry);
    const repository = store.repository(parseRepositoryName('o/foo'));
    const bytes = aWheel({ name: 'foo', files: { 'foo/data.bin': randomBytes(200_000) } });
    const index = await standingVersion(repository, '1.0', [{ architecture: 'py3-none-any.whl', bytes }]);
    const [entry] = index.value.manifests as unknown as readonly [Descriptor];
    const wheel = { filename: FILENAME, sha256: hexOf(digestOf(bytes)), manifest: entry.digest };
    registry.cut('GET', /blobs/, 'download', times);
    expect(await text(repository, wheel)).toBe(metadataText({ name: 'foo' }).toString());
    registry.cut('GET', /blobs/, 'download', 3);
    await expect(text(repository, wheel)).rejects.toThrow('the connection broke off 3 times');
    store.close();
    await registry.stop();
  });

  it('is not that of another file, nor of one whose hash the index has otherwise', async () => {
    const { repository, wheel } = await published(aWheel({ name: 'foo' }));
    await expect(text(repository, { ...wheel, sha256: 'a'.repeat(64) })).rejects.toThrow('stands for another file');
    await expect(text(repository, { ...wheel, coreMetadata: 'b'.repeat(64) })).rejects.toThrow(
      'not what the index says',
    );
  });
});
