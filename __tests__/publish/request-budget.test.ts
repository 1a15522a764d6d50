import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresOf, publishedOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import { sdistFile, wheelFile } from '../support/builders.js';
import { inputs, testFace } from '../support/face.js';
import type { RecordedRequest } from '../support/registry/wire.js';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../support/registry.js';
import { RoundTrips } from '../support/round-trips.js';

/**
 * What a run may ask of a registry, counted. A round trip costs the same however fast the machine is, so a lost
 * optimisation shows here and not in somebody's bill.
 */
const MANY = 169;
const KIB = 1024;

let folder: string;
let registry: TestRegistry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budget-'));
});
afterEach(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

async function start(options: Partial<RegistryOptions> = {}): Promise<void> {
  registry = await startRegistry({ auth: 'bearer', ...options });
}

/** A wheel that takes this many bytes and a few more: what is in it cannot be packed. */
function aWheelOf(bytes: number, tag: string): Promise<string> {
  return wheelFile(folder, { tag, deflate: false, files: { 'foo/data.bin': Buffer.alloc(bytes, tag) } });
}

/** Names that differ enough not to be one file. */
function aRelease(count: number, bytes: number): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => aWheelOf(bytes, `cp3${at}-cp3${at}-win_amd64`)));
}

async function aPair(): Promise<readonly string[]> {
  const sdist = sdistFile(folder, { files: { 'data.bin': noise(88 * KIB) } });
  return [await aWheelOf(43 * KIB, 'py3-none-any'), await sdist];
}

/** Bytes that gzip makes nothing smaller of, the same in every run. */
function noise(size: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length: size }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state & 0xff;
    }),
  );
}

/** Publishes, and resolves to what was asked of the registry for it. */
async function publish(
  paths: readonly string[],
  where: { readonly host?: string; readonly namespace?: string; readonly concurrency?: string } = {},
): Promise<readonly RecordedRequest[]> {
  const before = registry.requests.length;
  const { username, password } = { username: 'robin', password: 'correct horse battery staple' };
  const { host = registry.host, namespace = 'owner', concurrency = '4' } = where;
  const given = inputs({ registry: host, namespace, username, password, concurrency, coordination: 'off' });
  const { report } = await publishRun(given, testFace(paths));
  expect(failuresOf(report)).toEqual([]);
  expect(publishedOf(report).flatMap(({ files }) => files)).toHaveLength(paths.length);
  return registry.requests.slice(before);
}

/**
 * Publishes until it takes no more than so many round trips in a row, at most five times, each time as new files. A
 * machine that stops for a moment splits a round in two, and nothing makes one of two: the fewest is what we need.
 * The token comes past this count: one more.
 */
async function fewestRoundTrips(paths: readonly string[], enough: number): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let attempt = 1; attempt <= 5 && fewest > enough; attempt += 1) {
    const path = new RoundTrips(registry.host);
    await path.start();
    try {
      await publish(paths, { host: path.host, namespace: `owner/try-${attempt}` });
    } finally {
      await path.stop();
    }
    fewest = Math.min(fewest, path.rounds + 1);
  }
  return fewest;
}

/** Requests by kind, as a reader of the specification would call them. */
function kindsOf(requests: readonly RecordedRequest[]): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const request of requests) kinds[kindOf(request)] = (kinds[kindOf(request)] ?? 0) + 1;
  return kinds;
}

function kindOf({ method, path, status }: RecordedRequest): string {
  if (status === 401) return 'challenge';
  if (path === '/token') return 'token';
  if (path.endsWith('/tags/list')) return 'tags';
  if (path.includes('/blobs/uploads/')) return method === 'POST' ? 'open upload' : 'upload';
  if (path.includes('/blobs/')) return `${method} blob`;
  return `${method} ${path.includes('/manifests/sha256:') ? 'manifest' : 'index'}`;
}

/** Uploads that were open at one time, waiting for their bytes or getting them. */
function mostOpen(requests: readonly RecordedRequest[]): number {
  let open = 0;
  let most = 0;
  for (const request of requests) {
    const kind = kindOf(request);
    if (kind === 'open upload' && request.status === 202) open += 1;
    if (kind === 'upload') open -= 1;
    most = Math.max(most, open);
  }
  return most;
}

describe('a pure pair', () => {
  it.each([
    ['takes bodies with the POST', true],
    ['does not', false],
  ])('all new, on a registry that %s', async (_, singlePost) => {
    await start({ singlePost });
    const asked = await publish(await aPair());
    expect(kindsOf(asked)).toEqual({
      challenge: 1,
      token: 1,
      tags: 1,
      'GET index': 3,
      // Two files and two configs: the METADATA of the wheel, and the empty one of the sdist.
      'open upload': 4,
      upload: singlePost ? 1 : 4,
      'PUT manifest': 2,
      'PUT index': 1,
    });
  });

  it('all new costs no more round trips in a row than the protocol has', async () => {
    await start();
    expect(await fewestRoundTrips(await aPair(), 9)).toBeLessThanOrEqual(9);
  });

  it('unchanged is only looked at', async () => {
    await start();
    const pair = await aPair();
    await publish(pair);
    expect(kindsOf(await publish(pair))).toEqual({
      challenge: 1,
      token: 1,
      tags: 1,
      'GET index': 1,
      'HEAD manifest': 2,
    });
  });
});

describe(`a release of ${MANY} files`, () => {
  it('all new takes three requests a file and a few', async () => {
    await start();
    const kinds = kindsOf(await publish(await aRelease(MANY, 70 * KIB)));
    expect(kinds).toEqual({
      challenge: 1,
      token: 1,
      tags: 1,
      'GET index': 3,
      'open upload': MANY + 1,
      upload: MANY + 1,
      'PUT manifest': MANY,
      'PUT index': 1,
    });
  });

  it('unchanged takes one look at each file and four requests, none of which writes', async () => {
    await start();
    const release = await aRelease(MANY, 100);
    await publish(release);
    const asked = await publish(release);
    expect(kindsOf(asked)).toEqual({ challenge: 1, token: 1, tags: 1, 'GET index': 1, 'HEAD manifest': MANY });
    expect(asked.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  });

  it('of which one is new pays for that one, and looks at the others', async () => {
    await start();
    const release = await aRelease(MANY, 100);
    await publish(release.slice(1));
    expect(kindsOf(await publish(release))).toEqual({
      challenge: 1,
      token: 1,
      tags: 1,
      'GET index': 3,
      'HEAD manifest': MANY - 1,
      'open upload': 2,
      upload: 2,
      'PUT manifest': 1,
      'PUT index': 1,
    });
  });
});

it('twenty files at four uploads at once take one round trip for each four: the rest is asked meanwhile', async () => {
  await start();
  // With the empty config there are 21 bodies.
  const most = Math.ceil(21 / 4) + 8;
  expect(await fewestRoundTrips(await aRelease(20, 70 * KIB), most)).toBeLessThanOrEqual(most);
}, 60_000);

it('no more uploads are under way than were allowed, however much is asked meanwhile', async () => {
  await start();
  const path = new RoundTrips(registry.host);
  await path.start();
  try {
    const asked = await publish(await aRelease(12, 70 * KIB), { host: path.host, concurrency: '3' });
    // Of the files on the wire and of as many that come next; the empty config is one more.
    expect(mostOpen(asked)).toBeLessThanOrEqual(2 * 3 + 1);
  } finally {
    await path.stop();
  }
  expect(path.mostUploads).toBe(3);
});

it('large files are asked for before they are sent', async () => {
  await start();
  const kinds = kindsOf(await publish(await aRelease(2, 5 * KIB * KIB)));
  expect(kinds).toMatchObject({ 'HEAD blob': 2, 'open upload': 3, upload: 3 });
});

it('ten projects share one challenge, and each asks for its own token', async () => {
  await start();
  const names = Array.from({ length: 10 }, (_, at) => `project-${at}`);
  const asked = await publish(await Promise.all(names.map((name) => wheelFile(folder, { name }))));
  expect(kindsOf(asked)).toMatchObject({ challenge: 1, token: 10, tags: 10 });
});

it('a registry that lets everybody read challenges the first write only', async () => {
  await start({ anonymousPull: true });
  expect(kindsOf(await publish(await aRelease(8, 70 * KIB)))).toMatchObject({ challenge: 1, token: 1 });
});
