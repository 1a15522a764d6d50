import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '../../../src/oci/document.js';
import { LayoutStore } from '../../../src/oci/layout/layout-store.js';
import { OCI_INDEX } from '../../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import { systemClock } from '../../../src/run/machine/system.js';

const INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
const HEX = 'c'.repeat(64);

describe('what a killed run left in a layout', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leftovers-'));
    await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
    await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const publish = async (): Promise<void> => {
    const parts = { clock: systemClock, random: Math.random, identity: { pid: 1, host: 'test' } };
    const store = new LayoutStore({ folder, ...parts });
    await store.repository(parseRepositoryName('owner/demo')).putTag(parseTag('1.0'), INDEX);
  };
  const left = async (name: string, minutesAgo: number): Promise<void> => {
    await writeFile(join(folder, name), 'half of');
    const then = Date.now() / 1_000 - 60 * minutesAgo;
    await utimes(join(folder, name), then, then);
  };
  const has = (name: string): Promise<boolean> =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );

  it.each([
    ['a blob', `blobs/sha256/${HEX}.4711-1-1a2b3c4d.part`],
    ['the index', 'index.json.4711-12-zz9.part'],
    ['a lock that was broken', 'index.json.lock.4711-3-0.part'],
    ['the marker', 'oci-layout.4711-1-abc.part'],
  ])('is removed by the next one that writes an index: the part of %s', async (_, name) => {
    await left(name, 61);
    await publish();
    expect(await has(name)).toBe(false);
  });

  it('stays for an hour: it may be the part of a writer that lives', async () => {
    const name = `blobs/sha256/${HEX}.4711-1-1a2b3c4d.part`;
    await left(name, 58);
    await publish();
    expect(await has(name)).toBe(true);
  });

  it.each([
    `blobs/sha256/${HEX}`,
    'notes.part',
    'thesis.1-2.part',
    `blobs/sha256/${HEX}.part`,
    'x.4711-1-abc.part.txt',
  ])('is not what others have put there, however old: %s', async (name) => {
    await left(name, 60 * 24 * 365);
    await publish();
    expect(await has(name)).toBe(true);
  });

  it('does not fail the run where it cannot be removed', async () => {
    const name = 'oci-layout.4711-1-abc.part';
    await mkdir(join(folder, name, 'in the way'), { recursive: true });
    const then = Date.now() / 1_000 - 7_200;
    await utimes(join(folder, name), then, then);
    await publish();
    expect(await readdir(join(folder, name))).toEqual(['in the way']);
  });
});
