import type { Reader } from './reader.js';

const ARTIFACT_TYPE = 'application/pyoci.package.v1';
const ATTACHMENT = 'vnd.pyoci-publish.attachment.type';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture?: string; readonly os?: string };
  readonly annotations?: Readonly<Record<string, string>>;
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
      const attached = manifests.map(({ annotations }) => annotations?.[ATTACHMENT] !== undefined);
      if (attached.includes(true) && attached.lastIndexOf(false) > attached.indexOf(true)) {
        problems.push(`${tag}: an attachment stands before a file`);
      }
      for (const [at, entry] of manifests.entries()) {
        const { architecture = '', os } = entry.platform ?? {};
        const expected = attached[at] ? 'unknown' : 'any';
        if (!architecture || os !== expected) problems.push(`${tag}: ${entry.digest} has no platform`);
        // Old skopeo rewrites an index for one of the two, and loses what makes it a package.
        if ('artifactType' in entry || 'data' in entry) problems.push(`${tag}: ${entry.digest} says too much`);
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
  const { config, layers, subject } = JSON.parse(manifest.bytes.toString()) as {
    readonly config: Descriptor;
    readonly layers: readonly [Descriptor];
    readonly subject?: unknown;
  };
  // Copied to a registry without a Referrers API it would make a tag, and PyOCI could list nothing.
  const problems: string[] = subject === undefined ? [] : ['its manifest has a subject'];
  if (layers.length !== 1) problems.push(`it has ${layers.length} layers, and PyOCI deletes one`);
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
