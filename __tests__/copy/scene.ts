/** Two registries, or two namespaces of one, and our copy between them. */

import type { CopyReport } from '../../src/copy/outcome.js';
import { memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import type { Descriptor } from '../../src/oci/descriptor.js';
import { encode } from '../../src/oci/document.js';
import { OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import type { Repository } from '../../src/oci/store.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../src/pyoci/file-manifest.js';
import { copyRun } from '../../src/run/copying/copy-run.js';
import type { CopyFlags } from '../../src/run/copying/copy-settings.js';
import { COPY_INPUTS, type CopyInputs, givenInputs } from '../../src/run/settings/inputs.js';
import { type TestPorts, testPorts } from '../support/ports.js';
import { type StandingFile, standingVersion } from '../support/pyoci-version.js';
import type { TestRegistry } from '../support/registry.js';
import { storeOn } from '../support/registry-store.js';

export const WHEEL = 'py3-none-any.whl';
export const SDIST = '.tar.gz';
export const SBOM = '.cdx.json';

/** Nothing that a login command keeps is looked for. */
const ENV = { DOCKER_CONFIG: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' };

export function repositoryIn(registry: TestRegistry, name: string): Repository {
  return storeOn(registry).repository(parseRepositoryName(name));
}

/** Publishes versions of a package, each a wheel and an sdist of its own bytes, and what is attached to it. */
export async function published(
  registry: TestRegistry,
  name: string,
  versions: readonly string[],
  files: readonly StandingFile[] = [{ architecture: WHEEL }, { architecture: SDIST }],
): Promise<void> {
  const repository = repositoryIn(registry, name);
  for (const version of versions) {
    const own = files.map((file) => ({
      ...file,
      bytes: file.bytes ?? Buffer.from(`${file.architecture} of ${version}`),
    }));
    await standingVersion(repository, version, own);
  }
}

/** Attaches something to a version, as publishing does. */
export async function attached(registry: TestRegistry, name: string, version: string): Promise<void> {
  const repository = repositoryIn(registry, name);
  const bytes = Buffer.from(`{"about":"${version}"}`);
  const layer = { mediaType: 'application/vnd.cyclonedx+json', digest: digestOf(bytes), size: bytes.length };
  await repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
  await repository.putBlob(layer, memoryBytes(bytes));
  const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: EMPTY_CONFIG, layers: [layer] });
  await repository.putManifest(manifest);
  const index = await repository.getManifest(parseTag(version));
  if (!index) throw new Error(`there is no ${version} to attach to`);
  const entry = {
    ...manifest.descriptor,
    platform: { architecture: SBOM, os: 'unknown' },
    annotations: {
      'com.pyoci.sha256_digest': layer.digest.slice('sha256:'.length),
      'vnd.pyoci-publish.attachment.type': 'sbom',
    },
  };
  const manifests = [...(index.value.manifests as unknown as readonly Descriptor[]), entry];
  await repository.putTag(
    parseTag(version),
    encode({ ...index.value, mediaType: index.descriptor.mediaType, manifests }),
  );
}

export interface Copied {
  readonly report: CopyReport;
  readonly ports: TestPorts;
  /** `source: message -> hint` of each version that failed. */
  readonly failures: readonly string[];
  /** Statuses by the place they were copied to. */
  readonly statuses: Readonly<Record<string, string>>;
}

const FLAGS: CopyFlags = { preReleases: false, onlyFinals: false, attachments: true, dryRun: false };

/** Runs a copy with nothing chosen but this. @throws what the run throws */
export async function copied(
  places: readonly string[],
  inputs: Partial<CopyInputs> = {},
  flags: Partial<CopyFlags> = {},
  ports: TestPorts = testPorts(),
): Promise<Copied> {
  const report = await copyRun(
    { places, inputs: givenInputs(COPY_INPUTS, inputs), flags: { ...FLAGS, ...flags } },
    {
      ...ports,
      env: ENV,
      masker: { mask: () => {} },
      spelled: (name) => `option --${name}`,
      userAgent: 'pyoci-publish/test',
    },
  );
  const textOf = (error: unknown): string => {
    if (!(error instanceof Error)) return String(error);
    return 'hint' in error ? `${error.message} -> ${error.hint}` : error.message;
  };
  return {
    report,
    ports,
    failures: report.failed.map(({ source, error }) => `${source}: ${textOf(error)}`),
    statuses: Object.fromEntries(report.versions.map(({ destination, status }) => [destination, status])),
  };
}

/** Everything below a repository by digest: manifests and blobs, and what each tag points at. */
export function contentsOf(registry: TestRegistry, name: string) {
  return {
    tags: Object.fromEntries(registry.tagsOf(name).map((tag) => [tag, digestOf(registry.bytes(name, tag))])),
    manifests: [...registry.manifestsOf(name)].sort(),
    blobs: [...registry.blobsOf(name)].sort(),
  };
}
