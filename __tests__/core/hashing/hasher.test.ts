import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { type ByteSource, fileBytes, memoryBytes } from '../../../src/core/bytes.js';
import { digestOf } from '../../../src/core/digest.js';
import { Hasher } from '../../../src/core/hashing/hasher.js';

let folder: string;
/** The thread's program as the build puts it beside the bundle. */
let program: URL;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hasher-'));
  const source = await readFile(new URL('../../../src/core/hashing/hashing-thread-main.ts', import.meta.url), 'utf8');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const path = join(folder, 'hashing-thread-main.mjs');
  await writeFile(path, ts.transpileModule(source, { compilerOptions }).outputText);
  program = pathToFileURL(path);
});
afterAll(() => rm(folder, { recursive: true }));

const CONTENT = Buffer.alloc(3_000_000, 'content');

async function aFile(name: string, content = CONTENT): Promise<ByteSource> {
  await writeFile(join(folder, name), content);
  return fileBytes(join(folder, name));
}

/** Cannot be read here: whoever gives its digest has read the file in the other thread. */
async function unopenable(name: string): Promise<ByteSource> {
  const pieces = () => {
    throw new Error('hashed in the main thread');
  };
  return { ...(await aFile(name)), pieces };
}

describe.each([
  ['here', Number.POSITIVE_INFINITY],
  ['in a thread', 0],
])('a file hashed %s', (where, here) => {
  const make = where === 'here' ? aFile : unopenable;
  let hasher: Hasher;
  beforeEach(() => {
    hasher = new Hasher(never, { here, program });
  });
  afterEach(() => hasher.close());

  it('has the digest of its bytes, and so has the next', async () => {
    expect(await hasher.digestOf(await make('one'), never)).toBe(digestOf(CONTENT));
    expect(await hasher.digestOf(await make('other'), never)).toBe(digestOf(CONTENT));
  });

  it('is hashed once, however often and early it is asked for', async () => {
    const bytes = await make('file');
    hasher.begin([bytes]);
    const digest = await hasher.digestOf(bytes, never);
    await rm(join(folder, 'file'));
    expect(await hasher.digestOf(bytes, never)).toBe(digest);
  });

  it('has no digest if it was touched since it was first looked at', async () => {
    const bytes = await make('touched');
    await utimes(join(folder, 'touched'), new Date(0), new Date(0));
    await expect(hasher.digestOf(bytes, never)).rejects.toThrow('was changed after it had been checked');
  });

  it('is no longer waited for when the signal aborts, and nothing is left behind', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const waiting = hasher.digestOf(await make('awaited'), stop.signal);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('is not hashed once the run is over', async () => {
    const bytes = await make('late');
    await hasher.close();
    await expect(hasher.digestOf(bytes, never)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('where no thread can be had', () => {
  it.each([
    ['does not exist', 'data:text/javascript,import "file:///nonexistent/program.mjs"'],
    ['throws', 'data:text/javascript,throw new Error("no")'],
    ['ends', 'data:text/javascript,process.exit()'],
    ['is no program', 'nonexistent'],
  ])('since its program %s, files are hashed here', async (_, broken) => {
    const hasher = new Hasher(never, { here: 0, program: broken.startsWith('data:') ? new URL(broken) : broken });
    const files = [await aFile('a'), await aFile('b')];
    hasher.begin(files);
    for (const bytes of files) expect(await hasher.digestOf(bytes, never)).toBe(digestOf(CONTENT));
    await hasher.close();
  });

  it('bytes in memory are hashed here', async () => {
    const hasher = new Hasher(never, { here: 0, program });
    expect(await hasher.digestOf(memoryBytes(CONTENT), never)).toBe(digestOf(CONTENT));
    await hasher.close();
  });
});

it('a run that is cancelled ends the thread in the middle of a file', async () => {
  const stop = new AbortController();
  const endless = new URL('data:text/javascript,for (;;);');
  const hasher = new Hasher(stop.signal, { here: 0, program: endless });
  const reason = new Error('SIGTERM');
  const waiting = hasher.digestOf(await aFile('cancelled'), never);
  setImmediate(() => stop.abort(reason));
  await expect(waiting).rejects.toBe(reason);
  await hasher.close();
});
