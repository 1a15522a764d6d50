import { ArchiveError } from '../../archive/archive-error.js';
import type { TarFormat, TarHeader } from './tar-header.js';

/** The format that each type of extension header belongs to. */
const OF_EXTENSION: ReadonlyMap<string, TarFormat> = new Map([
  ['x', 'ustar'],
  ['g', 'ustar'],
  ['L', 'GNU'],
  ['K', 'GNU'],
]);

/** The formats of an archive's headers by their marks: uv unpacks no more than one, with the extensions that belong to it. */
export class TarFormats {
  #first: TarFormat | undefined;
  #found: string | undefined;

  add({ format, type }: TarHeader): void {
    this.#first ??= format;
    if (this.#found !== undefined) return;
    const wanted = OF_EXTENSION.get(type) ?? format;
    if (wanted !== format) this.#found = `it has an extended header of type ${type}, marked as ${format}`;
    else if (format !== this.#first) this.#found = `its headers are of two formats, ${this.#first} and ${format}`;
  }

  /** To be asked last, as what stops every reader is told first. @throws ArchiveError */
  check(): void {
    if (this.#found === undefined) return;
    throw new ArchiveError(`${this.#found}: uv refuses to unpack it`, 'pack it with one tool: python -m build --sdist');
  }
}
