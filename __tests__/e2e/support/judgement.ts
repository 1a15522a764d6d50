import type { Facts } from './distributions.js';
import { expectedEntry, expectedIndex, expectedManifest, placeOf } from './expectation.js';
import type { Reader } from './reader.js';

export interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Index {
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly manifests: readonly Entry[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What the architecture of a container image may be; PyOCI cannot list an entry of one. */
const MACHINES = ['amd64', '386', 'arm', 'arm64', 'ppc64le', 's390x', 'riscv64', 'mips64le', 'wasm'];

/** The index behind a tag. @throws Error if there is none */
export async function readIndex(reader: Reader, repository: string, tag: string): Promise<Index> {
  const found = await reader.manifest(repository, tag);
  if (found.status !== 200) throw new Error(`Registry answered ${found.status} for ${repository}:${tag}`);
  return JSON.parse(found.bytes.toString()) as Index;
}

/** A version holds exactly these files, every document is what the format promises, every byte is there. */
export async function expectVersion(
  reader: Reader,
  files: readonly Facts[],
  created: string,
  namespace = 'owner',
): Promise<void> {
  const sorted = [...files].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const [first] = sorted;
  if (first === undefined) throw new Error('Cannot judge a version of no files');
  const { repository, tag } = placeOf(namespace, first);
  const { manifests, ...rest } = await readIndex(reader, repository, tag);
  expect(rest).toEqual(expectedIndex(sorted, created));
  expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(
    sorted.map(({ architecture }) => architecture),
  );
  for (const [at, file] of sorted.entries()) {
    const { mediaType, digest, size, ...said } = manifests[at] ?? { mediaType: '', digest: '', size: -1 };
    expect(said).toEqual(expectedEntry(file, created));
    const manifest = await reader.manifest(repository, digest);
    expect({ digest: manifest.digest, size: manifest.bytes.length }).toEqual({ digest, size });
    expect(manifest.mediaType).toBe(mediaType);
    expect(JSON.parse(manifest.bytes.toString())).toEqual(expectedManifest(file, created));
    const blob = { digest: `sha256:${file.sha256}`, size: file.size };
    expect(await reader.blob(repository, blob.digest)).toEqual(blob);
  }
}

/** Wheels before the sdist, then by name. */
function rank({ file }: Facts): string {
  return `${file.endsWith('.whl') ? 0 : 1} ${file}`;
}

/** PyOCI lists a repository only if every tag is an index of its own, and every entry names a platform it can read. */
export async function expectListable(reader: Reader, repository: string): Promise<void> {
  const tags = await reader.tags(repository);
  expect(tags.length).toBeGreaterThan(0);
  for (const tag of tags) {
    const index = await readIndex(reader, repository, tag);
    expect(index).toMatchObject({
      mediaType: 'application/vnd.oci.image.index.v1+json',
      artifactType: 'application/pyoci.package.v1',
    });
    for (const { platform } of index.manifests) {
      expect(platform).toEqual({ architecture: expect.any(String), os: 'any' });
      expect(MACHINES).not.toContain(platform?.architecture);
    }
  }
}

/** Whatever a tag points at is there: manifests, and the blobs that they point at. A run that was stopped may have none. */
export async function expectWhole(reader: Reader, repository: string): Promise<void> {
  for (const tag of await reader.tags(repository)) {
    const { manifests } = await readIndex(reader, repository, tag);
    expect(manifests).not.toEqual([]);
    for (const { digest } of manifests) {
      const manifest = await reader.manifest(repository, digest);
      expect(manifest).toMatchObject({ status: 200, digest });
      const { config, layers } = JSON.parse(manifest.bytes.toString()) as { config: Entry; layers: readonly Entry[] };
      for (const part of [config, ...layers]) {
        expect(await reader.blob(repository, part.digest)).toEqual({ digest: part.digest, size: part.size });
      }
    }
  }
}
