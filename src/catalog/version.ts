/** What a tag holds, as far as its index tells: one request, however many files it lists. */
import type { Digest } from '../core/digest.js';
import { type Annotations, annotationsOf, type Descriptor } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import { isUnreadable } from '../oci/errors.js';
import type { Tag } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { ANNOTATION, PROJECT_URLS, SHA256_DIGEST } from '../pyoci/layout.js';
import { attachmentName, isVersionTag, servedName, versionOfTag } from '../pyoci/names.js';
import { type Oddity, obstacleIn, odditiesOf } from '../pyoci/oddities.js';
import { type ProjectUrls, parseProjectUrls } from '../pyoci/project-urls.js';
import { type TrueName, trueNames } from '../pyoci/true-names.js';
import {
  entriesOf,
  type IndexEntry,
  isCurrent,
  isFile,
  isPackageIndex,
  type PackageIndex,
  roleOf,
} from '../pyoci/version-index.js';
import { type Yanked, yankedIn } from '../pyoci/yanking/yanked.js';
import type { DocumentReader } from './document-reader.js';

/** An index of PyOCI's under its tag. All text in it is somebody else's. @typeParam File what is known of its files */
export interface StoredIndex<File extends IndexedFile = IndexedFile> {
  /**
   * `unseen`: the tag is no version. PyOCI lists the files all the same, and installers pass over names that hold no
   * version.
   */
  readonly kind: 'version' | 'unseen';
  /** Last part of the repository's name, which is PyOCI's form of the project's. */
  readonly repository: string;
  readonly tag: string;
  /** What PyOCI takes the tag for. */
  readonly version: string;
  /** Of the index. */
  readonly digest: Digest;
  /** RFC 3339, as whoever wrote it has it. */
  readonly created: string | undefined;
  /** Of the index. */
  readonly annotations: Annotations;
  /** Whether somebody has yanked it, or taken it back in; `undefined` if nobody ever did. */
  readonly yanked: Yanked | undefined;
  /** In the order of the index. */
  readonly files: readonly File[];
  /** In the order of the index; without those whose file was replaced. */
  readonly attachments: readonly IndexedAttachment[];
  /** Entries of the index that PyOCI cannot read or does not serve. */
  readonly oddities: readonly Oddity[];
  /** Why PyOCI cannot list the package while this index is as it is; see `ForeignTag`. */
  readonly obstacle: string | undefined;
}

/** One file of a version, as its entry in the index tells. */
export interface IndexedFile {
  /** The name PyOCI serves it under. */
  readonly served: string;
  /** Names that it may have had before PyOCI cut one in two; the likeliest first. */
  readonly trueNames: readonly TrueName[];
  readonly architecture: string;
  /** What the index says of the file's bytes, whatever it is; `undefined` if it says nothing. */
  readonly declared: string | undefined;
  /** Empty if the entry has none that can be read. */
  readonly projectUrls: ProjectUrls;
  /** Of the image manifest that stands for the file: the entry as it stands. Only its digest is known to be one. */
  readonly manifest: Descriptor;
}

/** What is attached to a version or to a file of it, as its entry in the index tells. */
export interface IndexedAttachment {
  /** The name it goes by beside its file, or after the version. */
  readonly served: string;
  readonly architecture: string;
  /** `attestation`, `sbom`, `signature`, or a word of whoever attached it. */
  readonly type: string;
  /** Architecture of the file that it is about; `undefined` if it is about the version. */
  readonly about: string | undefined;
  /** What the index says of its bytes, whatever it is; `undefined` if it says nothing. */
  readonly declared: string | undefined;
  /** Of the image manifest that stands for it: the entry as it stands. */
  readonly manifest: Descriptor;
  /** What its manifest tells, once that was read; `undefined` if it is gone, or is none of one blob. */
  readonly content?: BlobContent | undefined;
}

/** What an image manifest of one blob tells. */
export interface BlobContent {
  /** The blob that is the file: its digest, and its size in bytes. */
  readonly layer: Descriptor;
  /** Of the manifest: labels, descriptions, time of creation. */
  readonly annotations: Annotations;
  /** The name the file had when it was published; PyOCI keeps none. */
  readonly title: string | undefined;
}

/** A tag that holds no version of a package. PyOCI cannot list the package while it is there. */
export interface ForeignTag {
  readonly kind: 'foreign';
  readonly tag: string;
  /** What is wrong with it: `it holds …`. */
  readonly why: string;
  /** What came of reading it, where that was the trouble. */
  readonly error?: unknown;
}

/**
 * What a tag holds, judged by its content. Reads no manifest of a file.
 * @param pinned the index to read, whatever the tag points at by now
 * @returns `undefined` if there is no such tag or index
 */
export async function readTag(
  repository: Repository,
  tag: Tag,
  reader: DocumentReader,
  pinned?: Digest,
): Promise<StoredIndex | ForeignTag | undefined> {
  let document: Document | undefined;
  try {
    document = await reader.read(repository, pinned ?? tag);
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof Error)) throw error;
    return { kind: 'foreign', tag, why: `what it holds cannot be read: ${error.message}`, error };
  }
  if (!document) return undefined;
  if (isPackageIndex(document)) return storedIndex(repository.name.split('/').at(-1) ?? '', tag, document);
  return { kind: 'foreign', tag, why: obstacleIn(document) ?? 'it holds no Python package' };
}

/** @param repository last part of its name */
function storedIndex(repository: string, tag: string, index: PackageIndex): StoredIndex {
  const annotations = annotationsOf(index.value);
  const entries = entriesOf(index);
  const files = entries.filter(isFile);
  return {
    kind: isVersionTag(tag) ? 'version' : 'unseen',
    repository,
    tag,
    version: versionOfTag(tag),
    digest: index.descriptor.digest,
    created: annotations[ANNOTATION.created],
    annotations,
    yanked: yankedIn(index.value),
    files: files.map((entry) => indexedFile(repository, tag, entry)),
    attachments: entries.flatMap((entry) => indexedAttachment(repository, tag, entry, files)),
    oddities: odditiesOf(index),
    obstacle: obstacleIn(index),
  };
}

function indexedFile(repository: string, tag: string, { architecture, descriptor }: IndexEntry): IndexedFile {
  const annotations = annotationsOf(descriptor);
  return {
    served: servedName(repository, tag, architecture),
    trueNames: trueNames(repository, tag, architecture),
    architecture,
    declared: annotations[SHA256_DIGEST],
    projectUrls: parseProjectUrls(annotations[PROJECT_URLS]),
    manifest: descriptor,
  };
}

function indexedAttachment(
  repository: string,
  tag: string,
  entry: IndexEntry,
  files: readonly IndexEntry[],
): readonly IndexedAttachment[] {
  const role = roleOf(entry);
  if (!role || !isCurrent(role, files)) return [];
  const { architecture, descriptor } = entry;
  const file = files.find(({ sha256 }) => role.of !== undefined && sha256 === role.of);
  return [
    {
      served: attachmentName(repository, tag, architecture),
      architecture,
      type: role.type,
      about: file?.architecture,
      declared: annotationsOf(descriptor)[SHA256_DIGEST],
      manifest: descriptor,
    },
  ];
}
