import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/core/errors.js';
import { refusal } from '../support/registry/exchange.js';
import { startRegistry, type TestRegistry } from '../support/registry.js';
import { attached, contentsOf, copied, published, SBOM, SDIST, WHEEL } from './scene.js';

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
const layerOf = (registry: TestRegistry, version: string): string => {
  const child = registry.index('octo/foo', version).manifests[0]?.digest ?? '';
  return registry.manifest('octo/foo', child).layers[0]?.digest ?? '';
};

describe('a copy is refused before anything is written', () => {
  it.each([
    ['into itself', ['octo/foo', 'octo/'], /to itself: source and destination are the same/],
    ['into itself, by its own name', ['octo/foo:1.0', 'octo/foo'], /to itself/],
    ['to another name', ['octo/foo', 'acme/bar'], /the package is called foo, and this names bar/],
    ['to another tag', ['octo/foo:1.0', 'acme/foo:2.0'], /the tag there would be 2\.0, and here it is 1\.0/],
    ['of a namespace to a package', ['octo/', 'acme/foo'], /a namespace is copied, and this names one package/],
    ['by digest', [`octo/foo:1.0@sha256:${'0'.repeat(64)}`, 'acme/'], /it has a digest/],
    ['without a destination', ['octo/foo'], /expected a source and a destination/],
  ])('%s', async (_, names, message) => {
    await published(here, 'octo/foo', ['1.0']);
    const before = here.writes.length;
    const trying = copied(names.map((name) => at(here, name)));
    await expect(trying).rejects.toThrow(message);
    await expect(trying).rejects.toBeInstanceOf(UsageError);
    expect(here.writes.length).toBe(before);
  });

  it.each([
    [{ versions: '' }, undefined],
    [{ versions: '>=' }, /option --versions: Cannot use ">=" as a version specifier/],
    [{ versions: '1.0' }, /option --versions/],
    [{ since: 'yesterday' }, /option --since: found "yesterday", expected a number/],
    [{ since: '0d' }, /found "0d", expected a number/],
    [{ since: '-3d' }, /found "-3d", expected a number/],
    [{ since: '5' }, /found "5", expected a number/],
    [{ since: '1.5h' }, /found "1\.5h", expected a number/],
    [{ since: '9999999w' }, /found "9999999w", expected a number/],
    [{ 'if-exists': 'force' }, /option --if-exists: found "force", expected error, skip or replace/],
    [{ 'from-username': 'robin' }, /option --from-password: it is empty although option --from-username is given/],
  ])('with %j', async (inputs, message) => {
    await published(here, 'octo/foo', ['1.0']);
    const trying = copied([at(here, 'octo/foo'), at(there, 'octo/')], inputs);
    if (message) await expect(trying).rejects.toThrow(message);
    else expect((await trying).failures).toEqual([]);
    expect(there.writes.length > 0).toBe(message === undefined);
  });
});

describe('a copy of what is not whole', () => {
  it('fails for the version whose manifest is gone, and copies the others', async () => {
    await published(here, 'octo/foo', ['1.0', '1.1']);
    here.deleteManifest('octo/foo', here.index('octo/foo', '1.0').manifests[0]?.digest ?? '');
    const { failures, statuses } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(failures).toEqual([
      expect.stringMatching(
        /foo:1\.0: Cannot copy foo-1\.0-py3-none-any\.whl from .*: its manifest sha256:\S+ is gone there -> a clean-up/,
      ),
    ]);
    expect(statuses).toEqual({ [`${there.host}/octo/foo:1.1`]: 'copied' });
    expect(there.tagsOf('octo/foo')).toEqual(['1.1']);
  });

  it('fails for the version whose blob is gone', async () => {
    await published(here, 'octo/foo', ['1.0']);
    here.deleteBlob('octo/foo', layerOf(here, '1.0'));
    const { failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(failures).toEqual([
      expect.stringMatching(/foo-1\.0-py3-none-any\.whl from .*: its blob sha256:\S+ cannot be read there/),
    ]);
    expect(there.tagsOf('octo/foo')).toEqual([]);
  });

  it('fails where the source gives other bytes, and the destination never has them', async () => {
    await published(here, 'octo/foo', ['1.0'], [{ architecture: WHEEL, bytes: Buffer.alloc(200_000, 'a') }]);
    const layer = layerOf(here, '1.0');
    here.alter('GET', new RegExp(`blobs/${layer}`), (answer) => ({ ...answer, body: Buffer.alloc(200_000, 'b') }), 9);
    const { failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(failures).toEqual([expect.stringMatching(/its blob sha256:\S+ cannot be read there/)]);
    expect(there.blobsOf('octo/foo')).not.toContain(layer);
    await expect(here.stop()).rejects.toThrow('never met');
    here = await startRegistry();
  });

  it('goes on where the connection to the source breaks off in the middle of a blob', async () => {
    await published(here, 'octo/foo', ['1.0'], [{ architecture: WHEEL, bytes: Buffer.alloc(400_000, 'a') }]);
    here.cut('GET', new RegExp(`blobs/${layerOf(here, '1.0')}`), 'download');
    const { statuses, ports } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(Object.values(statuses)).toEqual(['copied']);
    expect(ports.log.of('info').join('\n')).toMatch(/the connection to .* broke off, reading sha256/);
  });

  it('says that a package is not there, and how a namespace is written', async () => {
    const { failures } = await copied([at(here, 'octo'), at(there, 'octo/')]);
    expect(failures).toEqual([
      `${here.host}/octo: Cannot copy ${here.host}/octo: there is nothing under this name -> check the spelling; if it is a namespace, write a slash behind it: ${here.host}/octo/`,
    ]);
  });

  it('says that a version is not there', async () => {
    await published(here, 'octo/foo', ['1.0']);
    const { failures } = await copied([at(here, 'octo/foo:2.0'), at(there, 'octo/')]);
    expect(failures).toEqual([expect.stringMatching(/foo:2\.0: there is nothing under this name/)]);
  });

  it('never overwrites what is no package at the destination', async () => {
    await published(here, 'octo/foo', ['1.0']);
    await published(there, 'octo/other', ['1.0']);
    const child = there.index('octo/other', '1.0').manifests[0]?.digest ?? '';
    const image = { bytes: there.bytes('octo/other', child), mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    there.holding('octo/foo', { tags: { '1.0': image } });
    const { failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(failures).toEqual([expect.stringMatching(/foo:1\.0: the tag holds application\/vnd\.oci\.image\.manifest/)]);
  });
});

describe('a copy to a registry with trouble', () => {
  it.each([400, 404, 405, 501])('sends bytes where mounts are answered %s', async (status) => {
    await published(here, 'octo/foo', ['1.0']);
    here.refuse('POST', /\/v2\/acme\/foo\/blobs\/uploads\/$/, refusal(status, 'UNSUPPORTED', 'no mounts'));
    const { statuses, report } = await copied([at(here, 'octo/foo'), at(here, 'acme/')], { concurrency: '1' });
    expect(Object.values(statuses)).toEqual(['copied']);
    expect(report.versions[0]?.brought.blobs).toBeGreaterThan(0);
    expect(contentsOf(here, 'acme/foo')).toEqual(contentsOf(here, 'octo/foo'));
  });

  it('waits where it is told to, and goes on', async () => {
    await published(here, 'octo/foo', ['1.0', '1.1', '1.2']);
    const busy = { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' };
    there.refuse('GET', /manifests\/1\.1$/, busy);
    there.refuse('PUT', /manifests\/sha256/, busy);
    here.refuse('GET', /manifests\/1\.2$/, busy);
    const { statuses, ports } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect(Object.values(statuses)).toEqual(['copied', 'copied', 'copied']);
    expect(ports.clock.slept).toContain(7_000);
  });

  it('fails where a token may read and not write, and names the version', async () => {
    await there.stop();
    there = await startRegistry({ auth: 'bearer', may: (_, action) => action === 'pull' });
    await published(here, 'octo/foo', ['1.0']);
    const { failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], {
      username: 'robin',
      password: 'correct horse battery staple',
    });
    expect(failures).toEqual([expect.stringMatching(/foo:1\.0: .*401/)]);
  });

  it('signs in at each end with what is given for it', async () => {
    const password = 'correct horse battery staple';
    await Promise.all([here.stop(), there.stop()]);
    here = await startRegistry({ auth: 'bearer', username: 'reader' });
    there = await startRegistry({ auth: 'bearer', username: 'writer' });
    await published(here, 'octo/foo', ['1.0']);
    const { failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], {
      username: 'writer',
      password,
      'from-username': 'reader',
      'from-password': password,
    });
    expect(failures).toEqual([]);
    expect(contentsOf(there, 'octo/foo')).toEqual(contentsOf(here, 'octo/foo'));
  });

  it('loses nothing of a publisher who writes the same version at the same moment', async () => {
    await published(here, 'octo/foo', ['1.0'], [{ architecture: WHEEL }]);
    let others = 0;
    const publish = async (): Promise<void> => {
      others += 1;
      await published(there, 'octo/foo', ['1.0'], [{ architecture: SDIST }]);
    };
    // Right behind the write of the copy: it knows nothing of the wheel, and overwrites it.
    there.after('PUT', /octo\/foo\/manifests\/1\.0$/, publish);
    const { failures } = await copied([at(here, 'octo/foo'), at(there, 'octo/')]);
    expect([failures, others]).toEqual([[], 1]);
    const names = there.index('octo/foo', '1.0').manifests.map(({ platform }) => platform?.architecture);
    expect(names).toEqual([SDIST, WHEEL]);
  });
});

describe('a copy that is killed', () => {
  it('at any of its requests never lists what is not there, and is completed by the next', async () => {
    await published(here, 'octo/foo', ['1.0', '1.1']);
    await attached(here, 'octo/foo', '1.1');
    await copied([at(here, 'octo/foo'), at(there, 'whole/')]);
    const requests = there.requests.length;
    const goal = contentsOf(there, 'whole/foo');
    expect(requests).toBeGreaterThan(20);
    for (let until = 1; until <= requests; until += 1) {
      const name = `killed${until}/foo`;
      const stop = new AbortController();
      let seen = 0;
      for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
        there.before(
          method,
          new RegExp(`/v2/${name}/`),
          () => {
            seen += 1;
            if (seen >= until) stop.abort(new Error('killed'));
          },
          500,
        );
      }
      const { testPorts } = await import('../support/ports.js');
      await copied([at(here, 'octo/foo'), at(there, `killed${until}/`)], {}, {}, testPorts(stop.signal)).catch(
        () => {},
      );
      for (const tag of there.tagsOf(name)) {
        for (const { digest } of there.index(name, tag).manifests) expect(there.manifestsOf(name)).toContain(digest);
      }
      const { failures } = await copied([at(here, 'octo/foo'), at(there, `killed${until}/`)]);
      expect(failures).toEqual([]);
      expect(contentsOf(there, name)).toEqual(goal);
    }
    await expect(there.stop()).rejects.toThrow('never met');
    there = await startRegistry();
  });
});

describe('a copy from a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'copy-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads one that names its tags alone, as oras and regctl write it', async () => {
    await published(here, 'octo/foo', ['1.0']);
    await copied([at(here, 'octo/foo')], { 'to-oci-layout': folder });
    const { readFile, writeFile } = await import('node:fs/promises');
    const index = join(folder, 'index.json');
    await writeFile(index, (await readFile(index, 'utf8')).replace('"octo/foo:1.0"', '"1.0"'));
    const { statuses } = await copied(['octo/foo', at(there, 'octo/')], { 'from-oci-layout': folder });
    expect(Object.values(statuses)).toEqual(['copied']);
    expect(contentsOf(there, 'octo/foo').tags).toEqual(contentsOf(here, 'octo/foo').tags);
  });

  it('says that the folder is not there', async () => {
    await expect(copied([at(there, 'octo/')], { 'from-oci-layout': join(folder, 'none') })).rejects.toThrow(
      /Cannot copy .*none: there is no package below it/,
    );
  });
});

it('attachments of a file that is kept as it is are not copied to it', async () => {
  await published(here, 'octo/foo', ['1.0'], [{ architecture: WHEEL, bytes: Buffer.from('theirs') }]);
  await attached(here, 'octo/foo', '1.0');
  await published(there, 'octo/foo', ['1.0'], [{ architecture: WHEEL, bytes: Buffer.from('mine') }]);
  const { report } = await copied([at(here, 'octo/foo'), at(there, 'octo/')], { 'if-exists': 'skip' });
  // This one is about the version, which has other files.
  expect(report.versions[0]?.entries.map(({ name, decision }) => [name, decision])).toEqual([
    ['foo-1.0-py3-none-any.whl', 'skip'],
    [`foo-1.0${SBOM}`, 'copy'],
  ]);
});
