import { ArchiveError } from '../../archive/archive-error.js';
import { checkMembers } from '../../archive/archive-limits.js';
import { areZeros } from '../../archive/zeros.js';
import { type ExtensionType, isExtension, TarExtensions } from './tar-extension.js';
import { TarFormats } from './tar-formats.js';
import { BLOCK, parseHeader } from './tar-header.js';
import { type TarMember, tarMember } from './tar-member.js';

/** Learns of every member in order. Returns whether its raw blocks are wanted. */
export type TarVisitor = (member: TarMember) => boolean;

/** A member whose blocks were asked for. */
export interface TarExtract {
  readonly member: TarMember;
  /** Its extension headers, its header and its data, in whole blocks as they stand in the archive. */
  readonly blocks: Buffer;
}

/** What the bytes at hand are. `left` counts bytes, the padding of the last block included. */
type State = { readonly at: 'header' } | Extension | Data | { readonly at: 'end'; zeros: number };

interface Extension {
  readonly at: 'extension';
  readonly type: ExtensionType;
  readonly size: number;
  readonly chunks: Buffer[];
  left: number;
}

interface Data {
  readonly at: 'data';
  readonly extract: TarMember | undefined;
  left: number;
}

/**
 * Walks a tar archive as it streams by, without holding more than one block, one extended header and what was asked
 * for. Every header must be sound to the last; after the first block of zeros nothing but zeros may come.
 */
export class TarFraming {
  readonly #visit: TarVisitor;
  readonly #extensions = new TarExtensions();
  readonly #extracts: TarExtract[] = [];
  /** Raw blocks of the current member: extension headers always, the rest if asked for. */
  #blocks: Buffer[] = [];
  /** The beginning of a block whose end has not come yet. */
  #partial: Buffer = Buffer.alloc(0);
  #state: State = { at: 'header' };
  #members = 0;
  readonly #formats = new TarFormats();

  constructor(visit: TarVisitor) {
    this.#visit = visit;
  }

  /** @throws ArchiveError */
  push(chunk: Buffer): void {
    let rest = this.#partial.length ? Buffer.concat([this.#partial, chunk]) : chunk;
    while (rest.length > 0) {
      const taken = this.#take(rest);
      if (taken === 0) break;
      rest = rest.subarray(taken);
    }
    this.#partial = Buffer.from(rest);
  }

  /** All that was asked for, once the whole archive went by. @throws ArchiveError if it was cut short. */
  finish(): readonly TarExtract[] {
    const state = this.#state;
    if (state.at === 'end' && state.zeros >= 2 * BLOCK) {
      this.#formats.check();
      return this.#extracts;
    }
    const where =
      state.at === 'data' || state.at === 'extension' || this.#partial.length > 0 ? 'within a member' : 'early';
    throw new ArchiveError(
      `it ends ${where}, without the two blocks of zeros that end a tar archive: it was cut short`,
    );
  }

  /** Uses up the front of `bytes`. Returns how much, 0 if more must come first. */
  #take(bytes: Buffer): number {
    const state = this.#state;
    switch (state.at) {
      case 'header':
        if (bytes.length < BLOCK) return 0;
        this.#header(bytes.subarray(0, BLOCK));
        return BLOCK;
      case 'extension':
      case 'data':
        return this.#data(state, bytes.subarray(0, state.left));
      case 'end':
        if (!areZeros(bytes)) {
          throw new ArchiveError('it goes on behind its end mark, where only some readers look');
        }
        state.zeros += bytes.length;
        return bytes.length;
    }
  }

  #header(block: Buffer): void {
    if (areZeros(block)) {
      if (this.#extensions.pending) throw new ArchiveError('an extended tar header stands in front of no member');
      this.#state = { at: 'end', zeros: BLOCK };
      return;
    }
    const header = parseHeader(block);
    this.#formats.add(header);
    if (isExtension(header.type)) {
      this.#extensions.announce(header.type, header.size);
      const state: Extension = { at: 'extension', type: header.type, size: header.size, chunks: [], left: 0 };
      this.#open(state, header.size, header.type === 'g' ? undefined : block);
    } else {
      this.#members += 1;
      checkMembers(this.#members);
      const member = tarMember(header, this.#extensions.apply(header));
      const extract = this.#visit(member) ? member : undefined;
      this.#open({ at: 'data', extract, left: 0 }, member.size, extract && block);
    }
  }

  /** Begins with the data behind a header; `keep` is the header's block if it is to be kept. */
  #open(state: Extension | Data, size: number, keep: Buffer | undefined): void {
    if (keep) this.#blocks.push(Buffer.from(keep));
    state.left = Math.ceil(size / BLOCK) * BLOCK;
    this.#state = state;
    if (state.left === 0) this.#close(state);
  }

  #data(state: Extension | Data, bytes: Buffer): number {
    if (state.at === 'extension') state.chunks.push(Buffer.from(bytes));
    else if (state.extract) this.#blocks.push(Buffer.from(bytes));
    state.left -= bytes.length;
    if (state.left === 0) this.#close(state);
    return bytes.length;
  }

  #close(state: Extension | Data): void {
    this.#state = { at: 'header' };
    if (state.at === 'extension') {
      const blocks = Buffer.concat(state.chunks);
      // Python reads whole blocks: a record or the rest of a name behind the stated end would count there.
      if (!areZeros(blocks.subarray(state.size))) {
        throw new ArchiveError('an extended tar header goes on behind its end, where only some readers look');
      }
      this.#extensions.read(state.type, blocks.subarray(0, state.size));
      if (state.type !== 'g') this.#blocks.push(blocks);
      return;
    }
    if (state.extract) this.#extracts.push({ member: state.extract, blocks: Buffer.concat(this.#blocks) });
    this.#blocks = [];
  }
}
