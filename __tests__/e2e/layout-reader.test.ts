import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import { encode } from '../../src/oci/document.js';
import { LayoutStore } from '../../src/oci/layout/layout-store.js';
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { systemClock } from '../../src/run/machine/system.js';

const run = promisify(execFile);

describe('an image layout that we wrote', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'layout-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it.each([
    ['demo', '1.0'],
    ['owner/python/team.1/zope_interface', '1.0-cu12'],
    ['my-org/demo', '2024.1.dev0'],
  ])('is read by skopeo under the name %s:%s', async (name, tag) => {
    const folder = join(home, 'layout');
    const identity = { pid: process.pid, host: 'test' };
    const store = new LayoutStore({ folder, clock: systemClock, random: Math.random, identity });
    const repository = store.repository(parseRepositoryName(name));
    const [empty, file] = [Buffer.from('{}'), Buffer.from('a wheel')];
    const config = { mediaType: OCI_EMPTY, digest: digestOf(empty), size: empty.length };
    const layer = { mediaType: 'application/pyoci.package.v1', digest: digestOf(file), size: file.length };
    await repository.putBlob(config, memoryBytes(empty));
    await repository.putBlob(layer, memoryBytes(file));
    const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] });
    await repository.putManifest(manifest);
    const platform = { architecture: 'py3-none-any.whl', os: 'any' };
    const manifests = [{ ...manifest.descriptor, platform }];
    const index = encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType: 'x/y', manifests });
    await repository.putTag(parseTag(tag), index);
    // A second name, so that skopeo has to choose by name.
    await repository.putTag(parseTag('another'), encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }));

    const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${folder}:${name}:${tag}`]);
    expect(stdout).toBe(index.bytes.toString());
  });
});
