import { digestOf } from '../../src/core/digest.js';
import { parseTag } from '../../src/oci/reference.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';
import { attached, contentsOf, copied, published, repositoryIn, SDIST, WHEEL } from './scene.js';

let here: TestRegistry;
let there: TestRegistry;
beforeEach(async () => {
  here = await startRegistry();
  there = await startRegistry();
});
afterEach(async () => {
  await here.stop();
  await there.stop();
});

const at = (registry: TestRegistry, name: string): string => `http://${registry.host}/${name}`;
describe('a copy', () => {
  it('to another registry gives the same digests, of the index too', async () => {
    await published(here, 'octo/foo', ['1.0', '1.1', '2.0rc1']);
    await attached(here, 'octo/foo', '1.0');
    const { statuses } = await copied([at(here, 'octo/foo'), at(there, 'acme/')]);
    expect(statuses).toEqual({
      [`${there.host}/acme/foo:1.0`]: 'copied',
      [`${there.host}/acme/foo:1.1`]: 'copied',
      [`${there.host}/acme/foo:2.0rc1`]: 'copied',
    });
    const source = contentsOf(here, 'octo/foo');
    expect(contentsOf(there, 'acme/foo').tags).toEqual(source.tags);
    // The first index of 1.0, without its attachment, is no longer tagged here.
    expect(source.manifests).toEqual(expect.arrayContaining(contentsOf(there, 'acme/foo').manifests));
    expect(contentsOf(there, 'acme/foo').blobs).toEqual(source.blobs);
  });

  it('within one registry moves no byte of a blob through this machine', async () => {
    await published(here, 'octo/staging/foo', ['1.0']);
    const before = here.requests.length;
    await copied([at(here, 'octo/staging/foo:1.0'), at(here, 'octo/release/')]);
    expect(contentsOf(here, 'octo/release/foo')).toEqual(contentsOf(here, 'octo/staging/foo'));
    const asked = here.requests.slice(before);
    const mounts = asked.filter(({ query }) => query.get('from') === 'octo/staging/foo');
    expect(mounts).toHaveLength(3);
    expect(mounts.every(({ status, size }) => status === 201 && size === 0)).toBe(true);
    expect(asked.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'))).toEqual([]);
    expect(asked.filter(({ method, path }) => method === 'PUT' && path.includes('/blobs/'))).toEqual([]);
  });

  it('that is run again writes nothing, and says so', async () => {
    await published(here, 'octo/foo', ['1.0', '1.1']);
    await copied([at(here, 'octo/foo'), at(there, 'octo/foo')]);
    const before = there.writes.length;
    const { statuses } = await copied([at(here, 'octo/foo'), at(there, 'octo/foo')]);
    expect(Object.values(statuses)).toEqual(['unchanged', 'unchanged']);
    expect(there.writes.length).toBe(before);
  });

  it('writes the tag once, after everything that it points at', async () => {
    await published(here, 'octo/foo', ['1.0']);
    await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    const tagged = there.log.filter((line) => /PUT .*\/manifests\/1\.0 201/.test(line));
    expect(tagged).toHaveLength(1);
    expect(there.writes.at(-1)?.path).toBe('/v2/octo/foo/manifests/1.0');
  });

  it.each(['manifest', 'blob'] as const)(
    'puts back a %s that was deleted at the destination, and writes no tag',
    async (what) => {
      await published(here, 'octo/foo', ['1.0']);
      await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
      const child = there.index('octo/foo', '1.0').manifests[0]?.digest ?? '';
      if (what === 'manifest') there.deleteManifest('octo/foo', child);
      else there.deleteBlob('octo/foo', there.manifest('octo/foo', child).layers[0]?.digest ?? '');
      const before = there.writes.length;
      const { statuses } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
      expect(Object.values(statuses)).toEqual(['repaired']);
      expect(contentsOf(there, 'octo/foo')).toEqual(contentsOf(here, 'octo/foo'));
      expect(there.writes.slice(before).map(({ path }) => path)).not.toContain('/v2/octo/foo/manifests/1.0');
    },
  );

  it('keeps what the destination has besides', async () => {
    await published(here, 'octo/foo', ['1.0'], [{ architecture: WHEEL }]);
    await published(there, 'octo/foo', ['1.0'], [{ architecture: SDIST }]);
    const { statuses } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(Object.values(statuses)).toEqual(['copied']);
    const names = there.index('octo/foo', '1.0').manifests.map(({ platform }) => platform?.architecture);
    expect(names).toEqual([SDIST, WHEEL]);
  });

  it.each([
    ['error', undefined, 'mine'],
    ['skip', 'copied', 'mine'],
    ['replace', 'copied', 'theirs'],
  ] as const)('with --if-exists %s meets other bytes under one name', async (ifExists, status, kept) => {
    await published(
      here,
      'octo/foo',
      ['1.0'],
      [{ architecture: WHEEL, bytes: Buffer.from('theirs') }, { architecture: SDIST }],
    );
    await published(there, 'octo/foo', ['1.0'], [{ architecture: WHEEL, bytes: Buffer.from('mine') }]);
    const before = there.writes.length;
    const { statuses, failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], { 'if-exists': ifExists });
    expect(statuses[`${there.host}/octo/foo:1.0`]).toBe(status);
    const wheel = there.index('octo/foo', '1.0').manifests.find(({ platform }) => platform?.architecture === WHEEL);
    const sha256 = digestOf(Buffer.from(kept)).slice('sha256:'.length);
    expect(wheel?.annotations?.['com.pyoci.sha256_digest']).toBe(sha256);
    if (ifExists !== 'error') return;
    expect(there.writes.length).toBe(before);
    expect(failures).toEqual([
      expect.stringMatching(
        new RegExp(
          `foo-1\\.0-py3-none-any\\.whl has other bytes there: sha256:${sha256} there, sha256:[0-9a-f]{64} at the source -> .*--if-exists skip`,
        ),
      ),
    ]);
  });

  it('leaves attachments out when told to, and equal bytes under another manifest as they are', async () => {
    await published(here, 'octo/foo', ['1.0']);
    await attached(here, 'octo/foo', '1.0');
    await published(
      there,
      'octo/foo',
      ['1.0'],
      [{ architecture: WHEEL, bytes: Buffer.from(`${WHEEL} of 1.0`), labels: { own: 'label' } }],
    );
    const { report } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], {}, { attachments: false });
    expect(report.versions[0]?.entries.map(({ name, decision }) => [name, decision])).toEqual([
      ['foo-1.0-py3-none-any.whl', 'kept'],
      ['foo-1.0.tar.gz', 'copy'],
    ]);
    const child = there.index('octo/foo', '1.0').manifests[0]?.digest ?? '';
    expect(there.manifest('octo/foo', child).annotations).toMatchObject({ own: 'label' });
  });

  it('takes a namespace of a folder apart and puts it together again', async () => {
    await published(here, 'octo/foo', ['1.0']);
    await attached(here, 'octo/foo', '1.0');
    const { mkdtemp, rm } = await import('node:fs/promises');
    const folder = await mkdtemp(`${(await import('node:os')).tmpdir()}/copy-`);
    try {
      await copied([at(here, 'octo/foo')], { 'to-oci-layout': `${folder}/oci` });
      const back = await copied([at(there, '')], { 'from-oci-layout': `${folder}/oci` });
      expect(Object.keys(back.statuses)).toEqual([`${there.host}/octo/foo:1.0`]);
      expect(contentsOf(there, 'octo/foo').tags).toEqual(contentsOf(here, 'octo/foo').tags);
      const again = await copied([at(here, 'octo/foo')], { 'to-oci-layout': `${folder}/oci` });
      expect(Object.values(again.statuses)).toEqual(['unchanged']);
      const inside = await copied(['octo/', 'acme/'], {
        'from-oci-layout': `${folder}/oci`,
        'to-oci-layout': `${folder}/oci`,
      });
      expect(inside.report.versions[0]?.brought).toMatchObject({ blobs: 0, bytes: 0 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('in a dry run says what it would do and writes nothing', async () => {
    await published(here, 'octo/foo', ['1.0', '1.1']);
    await published(there, 'octo/foo', ['1.1']);
    const before = there.writes.length;
    const { statuses, report } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], {}, { dryRun: true });
    expect(statuses).toEqual({ [`${there.host}/octo/foo:1.1`]: 'unchanged', [`${there.host}/octo/foo:1.0`]: 'copied' });
    expect(report.versions.find(({ status }) => status === 'copied')?.brought.bytes).toBeGreaterThan(0);
    expect(there.writes.length).toBe(before);
  });
});

describe('the versions that a copy takes', () => {
  const VERSIONS = ['1.0', '1.1.dev1', '1.1', '2.0rc1', '2.0+cu12'];
  it.each([
    ['all without a choice', {}, {}, ['2.0+cu12', '2.0rc1', '1.1', '1.1.dev1', '1.0']],
    ['finals', {}, { onlyFinals: true }, ['2.0+cu12', '1.1', '1.0']],
    ['those of a specifier', { versions: '>=1.1' }, {}, ['2.0+cu12', '1.1']],
    ['those and pre-releases', { versions: '>=1.1' }, { preReleases: true }, ['2.0+cu12', '2.0rc1', '1.1']],
    ['none older than an age', { since: '1d' }, {}, []],
  ])('are %s', async (_, inputs, flags, expected) => {
    await published(
      here,
      'octo/foo',
      VERSIONS.map((version) => version.replace('+', '-')),
      [{ architecture: WHEEL }],
    );
    const ports = (await import('../support/ports.js')).testPorts();
    const clock = new (await import('../support/clock.js')).FakeClock(Date.parse('2026-01-01T00:00:00Z'));
    const { statuses } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], inputs, flags, { ...ports, clock });
    expect(Object.keys(statuses).map((image) => image.split(':').at(-1)?.replace('-', '+'))).toEqual(expected);
  });

  it('are those of the tag alone that is named, whatever it holds of a package', async () => {
    await published(here, 'octo/foo', ['1.0', 'latest']);
    const { statuses } = await copied([at(here, 'octo/foo:latest'), at(there, 'octo/')]);
    expect(Object.keys(statuses)).toEqual([`${there.host}/octo/foo:latest`]);
  });

  it('pass over tags that hold no version, and say which', async () => {
    await published(here, 'octo/foo', ['1.0', 'latest']);
    const index = await repositoryIn(here, 'octo/foo').getManifest(parseTag('1.0'));
    const child = here.index('octo/foo', '1.0').manifests[0]?.digest ?? '';
    const image = { bytes: here.bytes('octo/foo', child), mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    here.holding('octo/foo', { tags: { '3.0': image } });
    expect(index).toBeDefined();
    const { report } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(report.passedOver).toEqual([
      { source: `${here.host}/octo/foo:latest`, why: 'the tag is no version' },
      { source: `${here.host}/octo/foo:3.0`, why: 'the tag holds no Python package' },
    ]);
    expect(there.tagsOf('octo/foo')).toEqual(['1.0']);
  });
});
