/** What an entry of ours says of its file beyond PyOCI's annotations, so that readers need no manifest. Untrusted. */
import { annotationsOf, type Descriptor } from '../oci/descriptor.js';
import { specifiersFault } from '../python/metadata/grammar/specifiers.js';
import { withoutSpace } from '../python/metadata/grammar/white-space.js';
import { FILE_SIZE, METADATA_DIGEST, REQUIRES_PYTHON } from './layout.js';

/** Each is `undefined` where the entry does not say it, or says nonsense. */
export interface EntryFacts {
  /** Bytes of the file. */
  readonly size: number | undefined;
  /** As its METADATA has it, where pip and uv both read it; else they learn it from METADATA. */
  readonly requiresPython: string | undefined;
  /** SHA-256 of METADATA, in hex. */
  readonly coreMetadata: string | undefined;
}

/** Characters of `Requires-Python` that an entry holds at most. */
export const LONGEST_REQUIRES_PYTHON = 256;

export function entryFacts(descriptor: Descriptor): EntryFacts {
  const said = annotationsOf(descriptor);
  const [size, requires, metadata] = [FILE_SIZE, REQUIRES_PYTHON, METADATA_DIGEST].map((key) => said[key]);
  return {
    size: size !== undefined && /^(?:0|[1-9][0-9]{0,14})$/.test(size) ? Number(size) : undefined,
    requiresPython: requires !== undefined && areSpecifiers(requires) ? requires : undefined,
    coreMetadata: metadata !== undefined && /^[0-9a-f]{64}$/.test(metadata) ? metadata : undefined,
  };
}

function areSpecifiers(text: string): boolean {
  if (text.length > LONGEST_REQUIRES_PYTHON) return false;
  const bare = withoutSpace(text);
  return bare !== '' && specifiersFault(bare) === undefined;
}
