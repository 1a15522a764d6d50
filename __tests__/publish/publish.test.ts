import { memoryBytes } from '../../src/core/bytes.js';
import { type Digest, digestOf, hexOf } from '../../src/core/digest.js';
import { UserError } from '../../src/core/errors.js';
import { encode } from '../../src/oci/document.js';
import { MissingReferenceError } from '../../src/oci/errors.js';
import { OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import type { Repository, Store } from '../../src/oci/store.js';
import type { Job } from '../../src/publish/job.js';
import { publish } from '../../src/publish/publish.js';
import type { Outcome } from '../../src/publish/report/outcome.js';
import type { DocumentContext } from '../../src/pyoci/context.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../src/pyoci/file-manifest.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import { type Distribution, readDistribution } from '../../src/python/distribution.js';
import { anSdist, aWheel, type SdistOptions, sdistName, type WheelOptions, wheelName } from '../support/builders.js';
import { MemoryStore } from '../support/memory-store.js';
import { type TestPorts, testPorts } from '../support/ports.js';

async function read(name: string, bytes: Buffer): Promise<Distribution> {
  const { distribution, problems } = await readDistribution(`dist/${name}`, memoryBytes(bytes));
  if (!distribution) throw new Error(problems.map((problem) => problem.message).join('; '));
  return distribution;
}
const wheel = (options: WheelOptions = {}) => read(wheelName(options), aWheel(options));
const sdist = (options: SdistOptions = {}) => read(sdistName(options), anSdist(options));

/** A memory store that keeps the order in which it was asked, and can be given faults. */
class Watched implements Store {
  readonly label = 'ghcr.io';
  readonly requests: string[] = [];
  fault: (request: string) => void = () => undefined;
  readonly #inner = new MemoryStore();

  repository(name: ReturnType<typeof parseRepositoryName>): Repository {
    const inner = this.#inner.repository(name);
    const seen = <A extends unknown[], R>(what: string, ask: (...args: A) => Promise<R>, show = (..._: A) => '') => {
      return async (...args: A): Promise<R> => {
        const request = `${what} ${name}${show(...args)}`;
        this.requests.push(request);
        this.fault(request);
        return ask(...args);
      };
    };
    return {
      name,
      putBlob: seen('blob', inner.putBlob.bind(inner), (blob) => ` ${blob.mediaType}`),
      hasBlob: inner.hasBlob.bind(inner),
      openBlob: inner.openBlob.bind(inner),
      getManifest: seen('get', inner.getManifest.bind(inner), (reference) => `:${reference.slice(0, 12)}`),
      hasManifest: seen('head', inner.hasManifest.bind(inner)),
      putManifest: seen('manifest', inner.putManifest.bind(inner)),
      putTag: seen('tag', inner.putTag.bind(inner), (tag) => `:${tag}`),
      tags: seen('tags', inner.tags.bind(inner)),
    };
  }

  /** The far side itself, past all watching. */
  behind(name: string): Repository {
    return this.#inner.repository(parseRepositoryName(name));
  }

  writes(): readonly string[] {
    return this.requests.filter((request) => /^(blob|manifest|tag) /.test(request));
  }
}

let store: Watched;
let ports: TestPorts;

beforeEach(() => {
  store = new Watched();
  ports = testPorts();
});

const CONTEXT: DocumentContext = {
  created: '2026-01-02T03:04:05Z',
  annotations: { manifest: {}, index: {}, defaults: true },
  run: undefined,
};

function run(files: readonly Distribution[], more: Partial<Job> = {}): Promise<Outcome> {
  const groups = new Map<string, Distribution[]>();
  for (const file of files) {
    const key = `${file.project} ${file.version.key}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const versions = [...groups.values()].flatMap((group) =>
    group[0] ? [{ project: group[0].project, version: group[0].version, files: group }] : [],
  );
  return publish(
    {
      store,
      registry: 'ghcr.io',
      namespace: 'octo',
      versions,
      ifExists: 'error',
      dryRun: false,
      protection: { kind: 'read-back' },
      concurrency: 4,
      context: CONTEXT,
      ...more,
    },
    ports,
  );
}

function statuses(outcome: Outcome): Record<string, string> {
  return Object.fromEntries(
    outcome.versions.flatMap((version) => (version.ok ? version.files.map((file) => [file.file, file.status]) : [])),
  );
}

async function indexOf(repository: string, tag: string) {
  const document = await store.behind(repository).getManifest(parseTag(tag));
  if (!document) throw new Error(`${repository}:${tag} does not exist`);
  return document;
}
const architecturesOf = async (repository: string, tag: string) =>
  ((await indexOf(repository, tag)).value.manifests as { platform: { architecture: string } }[]).map(
    (entry) => entry.platform.architecture,
  );

describe('publishing a version that is new', () => {
  it('writes blobs, then manifests, then the index once', async () => {
    const outcome = await run([await wheel(), await sdist()]);
    expect(store.writes().filter((request) => request.startsWith('tag'))).toEqual(['tag octo/foo:1.0']);
    expect(store.writes().at(-1)).toBe('tag octo/foo:1.0');
    expect(await architecturesOf('octo/foo', '1.0')).toEqual(['py3-none-any.whl', '.tar.gz']);
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'published', 'foo-1.0.tar.gz': 'published' });
    expect(ports.told).toEqual([expect.stringMatching(/^start 2 /), expect.any(String), expect.any(String), 'end']);
  });

  it('reports image, digest and what the version now lists', async () => {
    const [version] = (await run([await wheel()])).versions;
    const { descriptor } = await indexOf('octo/foo', '1.0');
    expect(version).toMatchObject({ ok: true, name: 'foo', image: 'ghcr.io/octo/foo:1.0', digest: descriptor.digest });
    expect(version).toMatchObject({ listed: [{ file: 'foo-1.0-py3-none-any.whl', architecture: 'py3-none-any.whl' }] });
  });

  it('gives byte-identical documents for the same files and the same time', async () => {
    await run([await wheel(), await sdist()]);
    const first = await indexOf('octo/foo', '1.0');
    store = new Watched();
    await run([await sdist(), await wheel()]);
    expect((await indexOf('octo/foo', '1.0')).bytes).toEqual(first.bytes);
  });

  it('puts a dotted project where pip asks for it', async () => {
    await run([await wheel({ name: 'Zope.Interface' })]);
    expect(await architecturesOf('octo/zope_interface', '1.0')).toEqual(['py3-none-any.whl']);
  });
});

describe('publishing the same bytes again', () => {
  it('is a success that writes nothing, waits for nothing and looks for each manifest once', async () => {
    const files = [await wheel(), await sdist()];
    await run(files);
    store.requests.length = 0;
    const outcome = await run(files, { protection: { kind: 'settle', openJournal: undefined, rerun: false } });
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'unchanged', 'foo-1.0.tar.gz': 'unchanged' });
    expect(store.writes()).toEqual([]);
    expect(store.requests.filter((request) => request.startsWith('head'))).toHaveLength(2);
    expect(ports.clock.slept).toEqual([]);
  });

  it('publishes a file again whose manifest a cleaner deleted', async () => {
    const file = await wheel();
    await run([file]);
    const bytes = (await indexOf('octo/foo', '1.0')).bytes;
    const fresh = new Watched();
    // The same index over a repository that has lost the manifest it lists, as registries allow by deleting.
    const lost = fresh.repository;
    fresh.repository = (name) => {
      const inner = lost.call(fresh, name);
      let restored = false;
      return {
        ...inner,
        getManifest: async (reference, options) =>
          restored ? inner.getManifest(reference, options) : { ...encode(JSON.parse(String(bytes))), bytes },
        hasManifest: async () => restored,
        putTag: async (tag, document, options) => {
          await inner.putTag(tag, document, options);
          restored = true;
        },
      };
    };
    store = fresh;
    const outcome = await run([file], { context: { ...CONTEXT, created: '2027-01-01T00:00:00Z' } });
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'published' });
    expect(fresh.writes().filter((request) => request.startsWith('tag'))).toHaveLength(1);
    const [listed] = (await indexOf('octo/foo', '1.0')).value.manifests as { digest: Digest }[];
    expect(await fresh.behind('octo/foo').hasManifest(listed?.digest ?? digestOf(bytes))).toBe(true);
  });
});

describe('publishing other bytes under a published name', () => {
  const old = () => wheel({ summary: 'old' });
  const fresh = () => wheel({ summary: 'new' });

  it('fails, naming the file and both digests, and writes nothing', async () => {
    await run([await old()]);
    store.requests.length = 0;
    const [version] = (await run([await fresh(), await sdist()])).versions;
    const [was, is] = [aWheel({ summary: 'old' }), aWheel({ summary: 'new' })].map((bytes) => digestOf(bytes));
    expect(version).toMatchObject({ ok: false });
    const error = version?.ok === false ? version.error.message : '';
    expect(error).toContain('foo-1.0-py3-none-any.whl');
    expect(error).toContain(`${was} there`);
    expect(error).toContain(`${is} here`);
    expect(store.writes()).toEqual([]);
  });

  it('leaves it alone with `skip`, and publishes what is new beside it', async () => {
    await run([await old()]);
    const outcome = await run([await fresh(), await sdist()], { ifExists: 'skip' });
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'skipped', 'foo-1.0.tar.gz': 'published' });
    expect(JSON.stringify((await indexOf('octo/foo', '1.0')).value)).toContain(
      hexOf(digestOf(aWheel({ summary: 'old' }))),
    );
  });

  it('overwrites it with `replace`, where it stands', async () => {
    await run([await old(), await sdist()]);
    const outcome = await run([await fresh()], { ifExists: 'replace' });
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'replaced' });
    expect(await architecturesOf('octo/foo', '1.0')).toEqual(['py3-none-any.whl', '.tar.gz']);
    expect(JSON.stringify((await indexOf('octo/foo', '1.0')).value)).toContain(
      hexOf(digestOf(aWheel({ summary: 'new' }))),
    );
  });
});

describe('several versions in one run', () => {
  it('are published though one of them fails, and the failure names its version', async () => {
    await run([await wheel({ version: '2.0', summary: 'old' })]);
    const outcome = await run([
      await wheel({ version: '1.0' }),
      await wheel({ version: '2.0', summary: 'new' }),
      await wheel({ name: 'bar' }),
    ]);
    expect(outcome.versions.map((version) => `${version.name} ${version.version} ${version.ok}`)).toEqual([
      'foo 1.0 true',
      'foo 2.0 false',
      'bar 1.0 true',
    ]);
  });

  it('ask for the tags of a repository once', async () => {
    await run([await wheel({ version: '1.0' }), await wheel({ version: '2.0' })]);
    expect(store.requests.filter((request) => request.startsWith('tags'))).toHaveLength(1);
  });
});

describe('what stands in the repository', () => {
  async function holding(tag: string, artifactType?: string): Promise<void> {
    const repository = store.behind('octo/foo');
    await repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
    const type = artifactType === undefined ? {} : { artifactType };
    const value = { schemaVersion: 2, mediaType: OCI_MANIFEST, ...type, config: EMPTY_CONFIG, layers: [] } as const;
    await repository.putTag(parseTag(tag), encode(value));
  }

  it.each(['error', 'skip', 'replace'] as const)(
    'is never overwritten if it is no package, with if-exists %s',
    async (ifExists) => {
      await holding('1.0', ARTIFACT_TYPE);
      const before = await indexOf('octo/foo', '1.0');
      const [version] = (await run([await wheel()], { ifExists })).versions;
      expect(version).toMatchObject({ ok: false, error: { name: 'ForeignContentError' } });
      expect(store.writes()).toEqual([]);
      expect((await indexOf('octo/foo', '1.0')).bytes).toEqual(before.bytes);
    },
  );

  it('is warned of, once, if its tags are no versions', async () => {
    await holding('latest');
    const outcome = await run([await wheel(), await wheel({ version: '2.0' })]);
    expect(outcome.versions.map((version) => version.ok)).toEqual([true, true]);
    expect(outcome.warnings).toEqual([expect.stringContaining('octo/foo holds tags that are no versions (latest)')]);
    expect(ports.log.of('warning')).toEqual(outcome.warnings);
  });

  it('keeps an equal version in another spelling from being published', async () => {
    await holding('1.0.0');
    const [version] = (await run([await wheel()])).versions;
    expect(version).toMatchObject({ ok: false });
    expect(version?.ok === false && version.error.message).toContain('published as "1.0.0" already');
    expect(store.writes()).toEqual([]);
  });

  it('may stay unknown: a refused list of tags is a notice', async () => {
    store.fault = (request) => {
      if (request.startsWith('tags')) throw new UserError('Cannot list tags: 403');
    };
    const outcome = await run([await wheel()]);
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'published' });
    expect(ports.log.of('notice')).toEqual([expect.stringContaining('Cannot list tags: 403')]);
  });
});

describe('a dry run', () => {
  it('plans, hashes and writes nothing', async () => {
    await run([await sdist()]);
    store.requests.length = 0;
    const outcome = await run([await wheel(), await sdist()], { dryRun: true });
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'planned', 'foo-1.0.tar.gz': 'unchanged' });
    expect(store.writes()).toEqual([]);
    const [version] = outcome.versions;
    expect(version?.ok && version.files[0]?.sha256).toBe(hexOf(digestOf(aWheel())));
  });

  it('says of a package it may not read that it is new, or not readable with this token', async () => {
    store.fault = (request) => {
      if (request.startsWith('get')) throw Object.assign(new UserError('Cannot read: 403'), { status: 403 });
    };
    const outcome = await run([await wheel()], { dryRun: true });
    expect(statuses(outcome)).toEqual({ 'foo-1.0-py3-none-any.whl': 'planned' });
    expect(outcome.warnings).toEqual(['ghcr.io/octo/foo:1.0: new, or not readable with this token']);
  });

  it('still fails where a real run would', async () => {
    await run([await wheel({ summary: 'old' })]);
    const outcome = await run([await wheel({ summary: 'new' })], { dryRun: true });
    expect(outcome.versions).toMatchObject([{ ok: false }]);
  });
});

describe('a registry that misses for a moment a blob it had taken', () => {
  it('is asked again after pauses that grow, and everything is published', async () => {
    let refusals = 4;
    store.fault = (request) => {
      if (!request.startsWith('manifest') || refusals === 0) return;
      refusals -= 1;
      throw new MissingReferenceError('blob unknown', []);
    };
    expect(statuses(await run([await wheel()]))).toEqual({ 'foo-1.0-py3-none-any.whl': 'published' });
    expect(ports.clock.slept).toEqual([50, 100, 200, 400]);
  });

  it('for good, fails the version, and nothing is listed', async () => {
    store.fault = (request) => {
      if (request.startsWith('manifest')) throw new MissingReferenceError('blob unknown', []);
    };
    expect((await run([await wheel()])).versions).toMatchObject([{ ok: false, error: { message: 'blob unknown' } }]);
    expect(await store.behind('octo/foo').getManifest(parseTag('1.0'))).toBeUndefined();
  });
});

describe('a failure while files are pushed', () => {
  it('lists nothing of that version', async () => {
    store.fault = (request) => {
      if (request.startsWith('manifest')) throw new UserError('Cannot push: 500');
    };
    const outcome = await run([await wheel(), await sdist()]);
    expect(outcome.versions).toMatchObject([{ ok: false, error: { message: 'Cannot push: 500' } }]);
    expect(await store.behind('octo/foo').getManifest(parseTag('1.0'))).toBeUndefined();
  });

  it('that is the end of the whole job is that of every version that was not published', async () => {
    const stop = new AbortController();
    ports = testPorts(stop.signal);
    store.fault = (request) => {
      if (request.startsWith('manifest')) stop.abort(new Error('SIGINT'));
    };
    const { versions } = await run([await wheel(), await sdist()]);
    expect(versions).toMatchObject([{ ok: false, error: { cause: stop.signal.reason } }]);
    expect(await store.behind('octo/foo').getManifest(parseTag('1.0'))).toBeUndefined();
  });
});

it('a release of 169 files is one index write, and the same run again is none', async () => {
  const files = await Promise.all(
    Array.from({ length: 169 }, (_, index) => wheel({ tag: `cp3${index}-cp3${index}-manylinux_2_17_x86_64` })),
  );
  await run(files);
  expect(store.writes().filter((request) => request.startsWith('tag'))).toHaveLength(1);
  store.requests.length = 0;
  await run(files);
  expect(store.writes()).toEqual([]);
});
