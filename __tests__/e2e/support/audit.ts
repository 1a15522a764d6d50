import type { Reader } from './reader.js';

const ARTIFACT_TYPE = 'application/pyoci.package.v1';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture?: string; readonly os?: string };
}

interface Index {
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
}

/** What a tag really holds: files by architecture, each with the digest of the bytes that came back. */
export interface Audit {
  readonly files: ReadonlyMap<string, string>;
  /** Everything that a tag points at and that is not there, or not what it is said to be; what PyOCI's listing trips over. */
  readonly problems: readonly string[];
}

/** Reads all that the tags of a repository point at, down to the last byte. Nothing of our own code is used. */
export async function audit(reader: Reader, repository: string): Promise<Audit> {
  const files = new Map<string, string>();
  const problems: string[] = [];
  for (const tag of await reader.tags(repository)) {
    const index = await reader.manifest(repository, tag);
    if (index.status !== 200) problems.push(`${tag}: ${index.status}`);
    else {
      const { artifactType, manifests } = JSON.parse(index.bytes.toString()) as Index;
      if (artifactType !== ARTIFACT_TYPE) problems.push(`${tag}: it is no index of PyOCI's`);
      for (const entry of manifests) {
        const { architecture = '', os } = entry.platform ?? {};
        if (!architecture || os !== 'any') problems.push(`${tag}: ${entry.digest} has no platform`);
        const found = await auditFile(reader, repository, entry);
        if (typeof found === 'string') files.set(architecture, found);
        else problems.push(...found.map((problem) => `${tag} ${architecture}: ${problem}`));
      }
    }
  }
  return { files, problems };
}

async function auditFile(
  reader: Reader,
  repository: string,
  { digest, size }: Descriptor,
): Promise<string | readonly string[]> {
  const manifest = await reader.manifest(repository, digest);
  if (manifest.status !== 200) return [`its manifest is answered ${manifest.status}`];
  if (manifest.digest !== digest || manifest.bytes.length !== size) return ['its manifest is another'];
  const { config, layers } = JSON.parse(manifest.bytes.toString()) as {
    readonly config: Descriptor;
    readonly layers: readonly [Descriptor];
  };
  const problems: string[] = [];
  for (const part of [config, ...layers]) {
    try {
      const blob = await reader.blob(repository, part.digest);
      if (blob.digest !== part.digest || blob.size !== part.size) problems.push(`${part.digest} is another`);
    } catch (error) {
      problems.push(String(error));
    }
  }
  return problems.length ? problems : layers[0].digest;
}
