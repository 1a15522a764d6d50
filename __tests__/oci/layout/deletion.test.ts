import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, hexOf } from '../../../src/core/digest.js';
import { LayoutStore } from '../../../src/oci/layout/layout-store.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { systemClock, systemRandom } from '../../../src/run/machine/system.js';
import { standingVersion } from '../../support/pyoci-version.js';

const SDIST = { architecture: '.tar.gz' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pyoci-publish-deletion-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const store = (): LayoutStore =>
  new LayoutStore({ folder, clock: systemClock, random: systemRandom, identity: { pid: process.pid, host: 'here' } });
const repository = (name: string) => store().repository(parseRepositoryName(name));
const blob = (digest: string): string => join(folder, 'blobs/sha256', hexOf(digest as Digest));

describe('a manifest that is deleted from a layout folder', () => {
  it('stays as a file as long as another repository of the folder names it', async () => {
    const index = await standingVersion(repository('o/foo'), '1.0', [SDIST]);
    await standingVersion(repository('o/bar'), '1.0', [SDIST]);
    const { digest } = index.descriptor;
    const [child] = index.value.manifests as unknown as readonly { digest: Digest }[];
    expect(await repository('o/foo').deleteManifest(digest)).toBe('deleted');
    expect(await repository('o/foo').tags()).toEqual([]);
    expect(await repository('o/bar').tags()).toEqual(['1.0']);
    expect(await repository('o/foo').deleteManifest(child?.digest ?? digest)).toBe('absent');
    expect(existsSync(blob(child?.digest ?? ''))).toBe(true);
    await repository('o/bar').deleteManifest(digest);
    expect(await repository('o/bar').deleteManifest(child?.digest ?? digest)).toBe('deleted');
    expect([digest, child?.digest ?? ''].map((one) => existsSync(blob(one)))).toEqual([false, false]);
  });

  it('loses its entry of no name too, as oras leaves one for every child', async () => {
    const index = await standingVersion(repository('o/foo'), '1.0', [SDIST]);
    const path = join(folder, 'index.json');
    const written = JSON.parse(readFileSync(path, 'utf8'));
    const [child] = index.value.manifests as unknown as readonly { digest: Digest; mediaType: string; size: number }[];
    writeFileSync(path, JSON.stringify({ ...written, manifests: [...written.manifests, child] }));
    await repository('o/foo').deleteManifest(index.descriptor.digest);
    expect(await repository('o/foo').deleteManifest(child?.digest ?? index.descriptor.digest)).toBe('deleted');
    expect(JSON.parse(readFileSync(path, 'utf8')).manifests).toEqual([]);
  });

  it('stays while an index of the folder cannot be read, which might name it', async () => {
    const index = await standingVersion(repository('o/foo'), '1.0', [SDIST]);
    const other = await standingVersion(repository('o/bar'), '1.0', [{ architecture: 'py3-none-any.whl' }]);
    writeFileSync(blob(other.descriptor.digest), '{"manifests": [');
    await expect(repository('o/foo').deleteManifest(index.descriptor.digest)).rejects.toThrow('it is not JSON');
    expect(await repository('o/foo').tags()).toEqual(['1.0']);
  });

  it('is none of a folder that is not there, and makes none', async () => {
    const index = await standingVersion(repository('o/foo'), '1.0', [SDIST]);
    rmSync(folder, { recursive: true });
    expect(await repository('o/foo').deleteManifest(index.descriptor.digest)).toBe('absent');
    expect(existsSync(folder)).toBe(false);
  });
});

describe('the orphans of a layout folder', () => {
  it('are manifests that no index of the folder names, and no blobs among them', async () => {
    const index = await standingVersion(repository('o/foo'), '1.0', [SDIST, { ...SDIST, architecture: 'x.whl' }]);
    await standingVersion(repository('o/bar'), '1.0', [{ ...SDIST, architecture: 'x.whl' }]);
    const [sdist] = (index.value.manifests as unknown as readonly { digest: Digest }[]).map(({ digest }) => digest);
    expect(await repository('o/foo').orphans()).toEqual([]);
    await repository('o/foo').deleteManifest(index.descriptor.digest);
    const orphans = await repository('o/foo').orphans();
    expect(orphans.map(({ digest }) => digest)).toEqual([sdist]);
    expect(orphans.every(({ since }) => Math.abs(since - Date.now()) < 3_600_000)).toBe(true);
  });
});
