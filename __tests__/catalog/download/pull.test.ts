import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WantedFile } from '../../../src/catalog/download/download-plan.js';
import { type PullOptions, pull } from '../../../src/catalog/download/pull.js';
import { memoryBytes } from '../../../src/core/bytes.js';
import { digestOf } from '../../../src/core/digest.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { DownloadFolder } from '../../../src/run/download-folder.js';
import { testPorts } from '../../support/ports.js';
import { startRegistry, type TestRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const NAMES = ['a-1.0.tar.gz', 'a-1.0-py3-none-any.whl'] as const;
const contentOf = (name: string) => Buffer.from(`the bytes of ${name}`.repeat(1_000));
const FILES: readonly WantedFile[] = NAMES.map((filename) => {
  const bytes = contentOf(filename);
  return { filename, layer: { mediaType: 'a/b', digest: digestOf(bytes), size: bytes.length } };
});

describe('pulling files', () => {
  let home: string;
  let folder: string;
  let registry: TestRegistry;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pull-'));
    folder = join(home, 'made', 'here');
    registry = await startRegistry();
    const repository = storeOn(registry).repository(parseRepositoryName('o/a'));
    for (const { filename, layer } of FILES) await repository.putBlob(layer, memoryBytes(contentOf(filename)));
    registry.requests.length = 0;
  });
  afterEach(async () => {
    await registry.stop();
    await rm(home, { recursive: true, force: true });
  });

  function pulled(options: Partial<PullOptions> = {}, ports = testPorts()) {
    const repository = storeOn(registry).repository(parseRepositoryName('o/a'));
    const target = new DownloadFolder(folder, process.pid, Math.random);
    return pull(repository, FILES, target, { force: false, concurrency: 2, ...options }, ports);
  }
  const read = (name: string) => readFile(join(folder, name));
  const blobPath = (at: number) => new RegExp(`/blobs/${FILES[at]?.layer.digest}`);
  const statuses = ({ files }: Awaited<ReturnType<typeof pulled>>) => files.map(({ status }) => status);

  it('makes the folder, and leaves in it the files and nothing else', async () => {
    const ports = testPorts();
    const { files, failed } = await pulled({}, ports);
    expect(failed).toEqual([]);
    expect(files).toEqual(
      FILES.map(({ filename, layer }) => ({
        file: filename,
        size: layer.size,
        sha256: layer.digest.slice(7),
        status: 'downloaded',
      })),
    );
    expect(new Set(await readdir(folder))).toEqual(new Set(NAMES));
    for (const name of NAMES) expect((await read(name)).equals(contentOf(name))).toBe(true);
    expect(ports.told.at(0)).toBe(`start 2 ${FILES.reduce((sum, { layer }) => sum + layer.size, 0)}`);
    expect(ports.told.at(-1)).toBe('end');
  });

  it('asks for nothing that is there already', async () => {
    await pulled();
    registry.requests.length = 0;
    expect(statuses(await pulled())).toEqual(['unchanged', 'unchanged']);
    expect(registry.requests).toEqual([]);
  });

  it('refuses to put other bytes over a file, names each such file, and writes nothing', async () => {
    await mkdir(folder, { recursive: true });
    const [sdist, wheel] = NAMES;
    await writeFile(join(folder, sdist), 'mine');
    await writeFile(join(folder, wheel), Buffer.alloc(FILES[1]?.layer.size ?? 0, 'y'));
    await expect(pulled()).rejects.toMatchObject({
      message: `Cannot pull to ${folder}: other bytes are there under ${NAMES.join(', ')}`,
      hint: expect.stringMatching(/-d.*--force/),
    });
    expect((await read(sdist)).toString()).toBe('mine');
    expect(registry.requests).toEqual([]);
    expect(statuses(await pulled({ force: true }))).toEqual(['replaced', 'replaced']);
    expect((await read(sdist)).equals(contentOf(sdist))).toBe(true);
  });

  it('refuses bytes that were tampered with, leaves nothing of them, and keeps the other file', async () => {
    registry.alter('GET', blobPath(0), (answer) => {
      const body = Buffer.from(answer.body as Buffer);
      body.writeUInt8(body.readUInt8(5) ^ 1, 5);
      return { ...answer, body };
    });
    const { files, failed } = await pulled();
    expect(failed).toMatchObject([
      {
        file: NAMES[0],
        error: {
          message: `Cannot download ${NAMES[0]}: what came is not what was published`,
          hint: expect.stringMatching(/ask whoever runs it/),
          cause: { message: expect.stringMatching(/^Cannot verify sha256:/) },
        },
      },
    ]);
    expect(files.map(({ file }) => file)).toEqual([NAMES[1]]);
    expect(await readdir(folder)).toEqual([NAMES[1]]);
  });

  it.each([
    ['more bytes', (body: Buffer) => Buffer.concat([body, body])],
    ['fewer bytes', (body: Buffer) => body.subarray(1)],
  ])('refuses %s than there should be', async (_what, change) => {
    registry.alter('GET', blobPath(0), (answer) => ({ ...answer, body: change(answer.body as Buffer) }));
    const { failed } = await pulled();
    expect(failed.map(({ file }) => file)).toEqual([NAMES[0]]);
    expect(await readdir(folder)).toEqual([NAMES[1]]);
  });

  it('begins a download again that breaks off', async () => {
    registry.cut('GET', blobPath(0), 'download', 2);
    const ports = testPorts();
    expect(statuses(await pulled({}, ports))).toEqual(['downloaded', 'downloaded']);
    expect(ports.clock.slept).toEqual([1_000, 2_000]);
    expect((await read(NAMES[0])).equals(contentOf(NAMES[0]))).toBe(true);
  });

  it('gives up a download that breaks off every time, and says what to do', async () => {
    registry.cut('GET', blobPath(0), 'download', 3);
    const { failed } = await pulled();
    expect(failed).toMatchObject([{ file: NAMES[0], error: { hint: expect.stringMatching(/run again/) } }]);
    expect(await readdir(folder)).toEqual([NAMES[1]]);
  });

  it('names the very file that failed, whatever became of those before it', async () => {
    const [sdist, wheel] = NAMES;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, sdist), contentOf(sdist));
    registry.cut('GET', blobPath(1), 'download', 3);
    const { files, failed } = await pulled();
    expect(files).toMatchObject([{ file: sdist, status: 'unchanged' }]);
    expect(failed).toEqual([
      {
        file: wheel,
        error: expect.objectContaining({ message: expect.stringContaining(`Cannot download ${wheel}:`) }),
      },
    ]);
  });

  it('never writes through a link that somebody put in the way', async () => {
    await mkdir(folder, { recursive: true });
    const outside = join(home, 'outside');
    await writeFile(outside, 'precious');
    await symlink(outside, join(folder, NAMES[0]));
    expect(statuses(await pulled({ force: true }))[0]).toBe('replaced');
    expect((await readFile(outside)).toString()).toBe('precious');
    expect((await read(NAMES[0])).equals(contentOf(NAMES[0]))).toBe(true);
  });

  it('does not take a folder for a file', async () => {
    await mkdir(join(folder, NAMES[0]), { recursive: true });
    await expect(pulled({ force: true })).rejects.toThrow(/Cannot write .*: something that is no file is in its place/);
  });

  it('says so where the folder is a file', async () => {
    await mkdir(join(home, 'made'));
    await writeFile(folder, '');
    await expect(pulled()).rejects.toThrow(/^Cannot write .*: ENOTDIR/);
  });

  it('ends with the reason of whoever stops it, and leaves no half file', async () => {
    const stop = new AbortController();
    registry.before('GET', blobPath(0), () => stop.abort(new Error('stopped')));
    await expect(pulled({ concurrency: 1 }, testPorts(stop.signal))).rejects.toThrow('stopped');
    const left = await readdir(home, { recursive: true });
    expect(left.filter((path) => /a-1/.test(path))).toEqual([]);
  });
});
