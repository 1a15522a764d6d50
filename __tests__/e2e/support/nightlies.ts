import type { Digest } from '../../../src/core/digest.js';
import { Lane } from '../../../src/core/lane.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { aWheel } from '../../support/builders.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { type Home, storeOn } from '../../support/registry-store.js';

/** A version that was published, with the digests of its index and of its files. */
export interface Published {
  readonly tag: string;
  readonly version: string;
  readonly index: Digest;
  readonly files: readonly Digest[];
}

/** Versions of a nightly channel: finals, candidates, nightlies and local builds of several release lines. */
export function channel(lines: number, nightlies: number): readonly string[] {
  return Array.from({ length: lines }, (_, line) => [
    `1.${line}.0`,
    `1.${line}.1`,
    `1.${line}.0rc1`,
    `1.${line}.0rc2`,
    `1.${line}.1+cu118`,
    `1.${line}.1+cu121`,
    ...Array.from({ length: nightlies }, (_each, at) => `1.${line}.2.dev${at + 1}`),
  ]).flat();
}

/** Publishes wheels of a project that installers take, each version under its tag. */
export async function publishVersions(
  home: Home,
  repository: string,
  versions: readonly string[],
): Promise<readonly Published[]> {
  const name = repository.split('/').at(-1) ?? '';
  const store = storeOn(home);
  const lane = new Lane(8);
  const publish = async (version: string): Promise<Published> => {
    const tag = version.replaceAll('+', '-');
    const bytes = aWheel({ name, version });
    const files = [{ architecture: 'py3-none-any.whl', bytes }];
    const document = await standingVersion(store.repository(parseRepositoryName(repository)), tag, files);
    const entries = document.value.manifests as unknown as readonly { readonly digest: Digest }[];
    return { tag, version, index: document.descriptor.digest, files: entries.map(({ digest }) => digest) };
  };
  try {
    return await Promise.all(versions.map((version) => lane.run(() => publish(version))));
  } finally {
    store.close();
  }
}

/** Which of these manifests are there, asked of the registry itself. */
export async function heldBy(
  host: string,
  repository: string,
  digests: readonly Digest[],
  authorization?: string,
): Promise<ReadonlySet<Digest>> {
  const lane = new Lane(16);
  const held = digests.map((digest) =>
    lane.run(async () => {
      const url = `http://${host}/v2/${repository}/manifests/${digest}`;
      const headers = { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' };
      const answer = await fetch(url, {
        method: 'HEAD',
        headers: authorization === undefined ? headers : { ...headers, authorization },
      });
      return answer.status === 200;
    }),
  );
  const there = await Promise.all(held);
  return new Set(digests.filter((_, at) => there[at]));
}
