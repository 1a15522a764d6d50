/** What of a tag's content PyOCI cannot read, and what installers never see. Pure; the text in it is untrusted. */
import { isDigest } from '../core/digest.js';
import { isObject, type Json, type JsonObject } from '../oci/descriptor.js';
import type { Document } from '../oci/document.js';
import { isPackageIndex } from './version-index.js';

/** An entry of a version's index that PyOCI cannot read or does not serve. */
export interface Oddity {
  /** Its digest, or its position where it has none: `number 3`. */
  readonly entry: string;
  /** What is wrong with it: `it has no platform`. */
  readonly why: string;
  /** Whether PyOCI cannot list any version of the package while it is there. */
  readonly breaking: boolean;
}

/** Names of processors that PyOCI's library (oci-spec) knows. One of these in an entry, and PyOCI takes it for an image. */
const MACHINES =
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  );

/**
 * The entries of a version's index that PyOCI cannot read or does not serve, in its order; none for what is no index of
 * PyOCI's. All that `entriesOf` leaves out are among them.
 * PyOCI reads all entries of all tags to list a package, and gives up at the first that it cannot read.
 */
export function odditiesOf(index: Document): readonly Oddity[] {
  if (!isPackageIndex(index)) return [];
  const seen = new Set<string>();
  return index.value.manifests.flatMap((candidate, at): readonly Oddity[] => {
    const entry = isObject(candidate) && isDigest(candidate.digest) ? candidate.digest : `number ${at + 1}`;
    const broken = faultOf(candidate);
    if (broken !== undefined) return [{ entry, why: broken, breaking: true }];
    const architecture = architectureOf(candidate);
    if (architecture === undefined) return [];
    const again = seen.has(architecture);
    seen.add(architecture);
    if (!again) return [];
    return [{ entry, why: `it is another ${architecture}, and PyOCI serves the first`, breaking: false }];
  });
}

/**
 * Why PyOCI cannot list any version of a package while one of its tags holds this document, as `it holds …`;
 * `undefined` if it can.
 */
export function obstacleIn(document: Document): string | undefined {
  if (!isPackageIndex(document)) return `it holds ${typeOf(document)}, not a Python package`;
  const broken = odditiesOf(document).find(({ breaking }) => breaking);
  return broken && `it holds an entry that PyOCI cannot read (${broken.entry}: ${broken.why})`;
}

function faultOf(candidate: Json): string | undefined {
  if (!isObject(candidate)) return 'it is no descriptor';
  const { mediaType, digest, size, platform } = candidate;
  if (typeof mediaType !== 'string') return 'it has no mediaType';
  if (!isDigest(digest)) return 'it has no sha256 digest';
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return 'it has no size';
  if (!isObject(platform)) return 'it has no platform';
  return faultOfPlatform(platform);
}

function faultOfPlatform({ architecture, os }: JsonObject): string | undefined {
  if (typeof architecture !== 'string') return 'its platform has no architecture';
  if (typeof os !== 'string') return 'its platform has no os';
  return MACHINES.includes(architecture) ? `its architecture is ${architecture}, as an image's` : undefined;
}

function architectureOf(candidate: Json): string | undefined {
  const platform = isObject(candidate) ? candidate.platform : undefined;
  return isObject(platform) && typeof platform.architecture === 'string' ? platform.architecture : undefined;
}

function typeOf({ value, descriptor }: Document): string {
  return typeof value.artifactType === 'string' ? value.artifactType : descriptor.mediaType;
}
