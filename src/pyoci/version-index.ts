import { isDigest } from '../core/digest.js';
import {
  type Annotations,
  annotationsOf,
  type Descriptor,
  type ImageIndex,
  isObject,
  type Json,
  type JsonObject,
} from '../oci/descriptor.js';
import { type Document, encode } from '../oci/document.js';
import { OCI_INDEX } from '../oci/media-types.js';
import { ARTIFACT_TYPE, ATTACHMENT_OF, ATTACHMENT_TYPE, SHA256_DIGEST } from './layout.js';

/** One file of a version, or an attachment: what stands for it in the index. */
export interface IndexEntry {
  /** `platform.architecture`, which identifies the entry inside its version. */
  readonly architecture: string;
  /** 64 hex characters of its bytes; `undefined` where the index does not say. */
  readonly sha256: string | undefined;
  /** As it stands in the index, annotations and unknown members included. */
  readonly descriptor: Descriptor;
}

/** What an entry says that makes it an attachment: something about the version or about one of its files. */
export interface AttachmentRole {
  /** `attestation`, `sbom`, `signature`, or a word of the user's. Untrusted. */
  readonly type: string;
  /**
   * SHA-256 of the file that it is about, in hex; `undefined` if it is about the version. What is malformed is the digest
   * of no file.
   */
  readonly of: string | undefined;
}

/** An index of PyOCI's, whatever its entries are. */
export type PackageIndex = Document<
  JsonObject & { readonly artifactType: typeof ARTIFACT_TYPE; readonly manifests: readonly Json[] }
>;

/** Whether a document is an index of PyOCI's. Anything else is not ours to list or to overwrite. */
export function isPackageIndex(document: Document): document is PackageIndex {
  const { value, descriptor } = document;
  return descriptor.mediaType === OCI_INDEX && value.artifactType === ARTIFACT_TYPE && Array.isArray(value.manifests);
}

/** What makes the entry an attachment, which is its annotation alone; `undefined` for a file. */
export function roleOf({ descriptor }: Pick<IndexEntry, 'descriptor'>): AttachmentRole | undefined {
  const { [ATTACHMENT_TYPE]: type, [ATTACHMENT_OF]: of } = annotationsOf(descriptor);
  if (type === undefined) return undefined;
  return { type, of: isDigest(of) ? of.slice('sha256:'.length) : of };
}

/** Whether the entry stands for a file of the version. */
export function isFile(entry: Pick<IndexEntry, 'descriptor'>): boolean {
  return roleOf(entry) === undefined;
}

/**
 * Whether an attachment is about one of these files, or about a version that has some. One that is not, because its
 * file was replaced, is not shown, and what takes its architecture may have it.
 * @param files entries of files
 */
export function isCurrent({ of }: AttachmentRole, files: readonly IndexEntry[]): boolean {
  return of === undefined ? files.length > 0 : files.some(({ sha256 }) => sha256 === of);
}

/**
 * The files and attachments that an index lists, in its order. Entries that stand for neither (no platform, a second one
 * for the same architecture) are none of ours: they are not returned, and `withEntries` leaves them where they are.
 */
export function entriesOf({ value }: PackageIndex): readonly IndexEntry[] {
  const files = new Map<string, IndexEntry>();
  for (const candidate of value.manifests) {
    const entry = indexEntry(candidate);
    if (entry && !files.has(entry.architecture)) files.set(entry.architecture, entry);
  }
  return [...files.values()];
}

/**
 * The index with exactly `wanted` as its files and attachments, on top of `existing`. What stands keeps its place, its
 * unknown members and its annotations; new files follow, wheels before the sdist, in order of file name; annotations that
 * are missing are added, none is changed. Attachments stand behind all else, since PyOCI asks the first entry for the
 * URLs of the project. `always` are annotations that are set whatever stands. An index that stays as it is keeps its bytes, however its writer had spelled them.
 */
export function withEntries(
  existing: Document | undefined,
  wanted: readonly IndexEntry[],
  annotations: Annotations,
  always: Annotations = {},
): Document<ImageIndex> {
  const left = new Map(wanted.map((entry) => [entry.architecture, entry.descriptor]));
  const standing =
    existing && Array.isArray(existing.value.manifests) ? (existing.value.manifests as readonly Json[]) : [];
  const kept = standing.map((candidate) => {
    const entry = indexEntry(candidate);
    const descriptor = entry && left.get(entry.architecture);
    if (!entry || !descriptor) return candidate;
    left.delete(entry.architecture);
    return descriptor.digest === entry.descriptor.digest ? candidate : descriptor;
  });
  const added = [...left.entries()]
    .sort(([a], [b]) => compare(fileOrder(a), fileOrder(b)))
    .map(([, descriptor]) => descriptor);
  const all = [...kept, ...added] as readonly Json[] as readonly Descriptor[];
  const own = { ...annotations, ...always };
  const annotated = existing?.value.annotations !== undefined || !existing || Object.keys(own).length > 0;
  const changed = {
    manifests: withAttachmentsLast(all),
    ...(annotated ? { annotations: { ...completed(existing?.value.annotations, own), ...always } } : {}),
  };
  if (existing && JSON.stringify(changed) === JSON.stringify(partsOf(existing))) {
    return { ...existing, value: { ...existing.value, schemaVersion: 2, mediaType: OCI_INDEX, ...changed } };
  }
  return encode({
    ...(existing?.value ?? { schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE }),
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    ...changed,
  });
}

/** What `withEntries` may change of an index. */
function partsOf({ value: { manifests, annotations } }: Document): object {
  return annotations === undefined ? { manifests } : { manifests, annotations };
}

/** What stands stays, to the letter and in its order; what is missing follows. */
function completed(standing: Json | undefined, annotations: Annotations): Annotations {
  if (!isObject(standing)) return annotations;
  const missing = Object.entries(annotations).filter(([key]) => !Object.hasOwn(standing, key));
  return { ...standing, ...Object.fromEntries(missing) } as Annotations;
}

/** The SHA-256 of the file that an image manifest of PyOCI's holds, or `undefined` if it is not one. */
export function fileDigestOf(manifest: Document): string | undefined {
  const layers = manifest.value.layers;
  const layer = Array.isArray(layers) && layers.length === 1 ? (layers[0] as Json) : undefined;
  return isObject(layer) && isDigest(layer.digest) ? layer.digest.slice('sha256:'.length) : undefined;
}

function indexEntry(candidate: Json): IndexEntry | undefined {
  if (!isObject(candidate) || !isDigest(candidate.digest) || !isObject(candidate.platform)) return undefined;
  const architecture = candidate.platform.architecture;
  if (typeof architecture !== 'string') return undefined;
  const sha256 = annotationsOf(candidate)[SHA256_DIGEST];
  return {
    architecture,
    sha256: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
    descriptor: candidate as Descriptor,
  };
}

/** Of several entries for one architecture the first counts, so they stay in their order. */
function withAttachmentsLast(entries: readonly Descriptor[]): readonly Descriptor[] {
  const firsts = new Map<string, boolean>();
  const [front, back]: [Descriptor[], Descriptor[]] = [[], []];
  for (const descriptor of entries) {
    const entry = indexEntry(descriptor);
    const behind = entry && (firsts.get(entry.architecture) ?? !isFile(entry));
    if (entry) firsts.set(entry.architecture, behind ?? false);
    (behind ? back : front).push(descriptor);
  }
  return [...front, ...back];
}

/** All files of a version share `name-version`, so what follows it orders them as their names do. */
function fileOrder(architecture: string): string {
  return architecture.startsWith('.') ? architecture : `-${architecture}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
