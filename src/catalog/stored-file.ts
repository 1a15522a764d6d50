import type { Digest } from '../core/digest.js';
import { type Annotations, annotationsOf, type Descriptor, isDescriptor } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import { ANNOTATION, SHA256_DIGEST } from '../pyoci/layout.js';
import { servedName } from '../pyoci/names.js';
import { type TrueName, trueNames } from '../pyoci/true-names.js';
import { type FileEntry, fileDigestOf } from '../pyoci/version-index.js';

/** One file of a version, as the index and its manifest tell. All text in it is somebody else's. */
export interface StoredFile {
  /** The name PyOCI serves it under. */
  readonly served: string;
  /** Names that it may have had before PyOCI cut one in two; the likeliest first. */
  readonly trueNames: readonly TrueName[];
  readonly architecture: string;
  /** What the index says of the file's bytes, whatever it is; `undefined` if it says nothing. */
  readonly declared: string | undefined;
  /** Of the image manifest that stands for the file. */
  readonly manifest: Digest;
  /** `undefined` if the manifest is gone, or is none of one file. */
  readonly content: FileContent | undefined;
}

export interface FileContent {
  /** The blob that is the file: its digest, and its size in bytes. */
  readonly layer: Descriptor;
  /** Of the manifest: labels, descriptions, time of creation. */
  readonly annotations: Annotations;
  /** The name the file had when it was published; PyOCI keeps none. */
  readonly title: string | undefined;
}

/** @param project last part of the repository's name, which is PyOCI's form of the project's */
export function storedFile(
  project: string,
  tag: string,
  { architecture, descriptor }: FileEntry,
  manifest: Document | undefined,
): StoredFile {
  return {
    served: servedName(project, tag, architecture),
    trueNames: trueNames(project, tag, architecture),
    architecture,
    declared: annotationsOf(descriptor)[SHA256_DIGEST],
    manifest: descriptor.digest,
    content: manifest && contentOf(manifest),
  };
}

/** What describes a file or dates it; publishing writes these of itself. */
const DESCRIPTIONS: readonly string[] = Object.values(ANNOTATION);

/**
 * Annotations that are no descriptions: as a rule these are the labels of the package. A label that goes by the name of
 * a description cannot be told from one.
 */
export function labelsOf(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !DESCRIPTIONS.includes(key)));
}

function contentOf(manifest: Document): FileContent | undefined {
  if (fileDigestOf(manifest) === undefined) return undefined;
  const [first] = manifest.value.layers as readonly unknown[];
  if (!isDescriptor(first)) return undefined;
  return { layer: first, annotations: annotationsOf(manifest.value), title: annotationsOf(first)[ANNOTATION.title] };
}
