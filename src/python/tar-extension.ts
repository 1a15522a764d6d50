import { ArchiveError } from './archive-error.js';
import { LARGEST_LONG_NAME, LARGEST_PAX } from './archive-limits.js';
import { checkGlobalPax, type PaxChanges, parsePax } from './pax.js';
import { type TarHeader, upToNul } from './tar-header.js';
import { areZeros } from './zeros.js';

/** The header types that speak about another member: pax (`x`, `g`) and GNU long path (`L`) and link target (`K`). */
export type ExtensionType = 'x' | 'g' | 'L' | 'K';

export function isExtension(type: string): type is ExtensionType {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K';
}

/** Which other headers may already stand in front of the same member. */
const MAY_PRECEDE: Readonly<Record<ExtensionType, readonly ExtensionType[]>> = {
  g: ['g'],
  x: ['g'],
  L: ['g', 'K'],
  K: ['g', 'L'],
};

/**
 * The extension headers in front of one member. Where readers disagree about which one wins, there must be only one:
 * a pax header alone, or GNU long names alone, each at most once.
 */
export class TarExtensions {
  readonly #seen = new Set<ExtensionType>();
  #changes: PaxChanges = {};

  /** Whether a member must follow. */
  get pending(): boolean {
    return this.#seen.size > 0;
  }

  /** Looks at an extension header before its data are read. @throws ArchiveError if it does not fit those before it. */
  announce(type: ExtensionType, size: number): void {
    const gnu = type === 'L' || type === 'K';
    const limit = gnu ? LARGEST_LONG_NAME : LARGEST_PAX;
    if (size > limit) throw new ArchiveError(`an extended tar header has ${size} bytes, more than ${limit}`);
    if ([...this.#seen].some((before) => !MAY_PRECEDE[type].includes(before))) {
      throw new ArchiveError('a member has several extended tar headers, and readers differ in which of them wins');
    }
    this.#seen.add(type);
  }

  /** @throws ArchiveError */
  read(type: ExtensionType, data: Buffer): void {
    if (type === 'g') checkGlobalPax(data);
    if (type === 'x') this.#changes = parsePax(data);
    if (type === 'L') this.#changes = { ...this.#changes, path: longName(data) };
    if (type === 'K') this.#changes = { ...this.#changes, link: longName(data) };
  }

  /** The header with all changes made. The extensions are used up. */
  apply(header: TarHeader): TarHeader {
    const changed = { ...header, ...this.#changes };
    this.#seen.clear();
    this.#changes = {};
    return changed;
  }
}

function longName(data: Buffer): Buffer {
  const name = upToNul(data);
  if (!areZeros(data.subarray(name.length))) {
    throw new ArchiveError('a GNU long name goes on behind its end');
  }
  return name;
}
