import { ArchiveError, quoted } from './archive-error.js';
import { LARGEST_PATHS, MOST_FOLDERS } from './archive-limits.js';

/** What stands at a path once all members so far are unpacked. */
export type Node = 'file' | Folder | Link;
type Folder = ReadonlyMap<string, Node>;

/** A symbolic link. */
export class Link {
  /** Links that whoever opens this one goes through, itself included; `undefined` while they are being counted. */
  hops: number | undefined = 0;
  /** What is found in the end, `undefined` if nothing is. */
  found: Node | undefined;

  readonly path: string;
  readonly target: string;

  /** @param target a path from the root of the archive */
  constructor(path: string, target: string) {
    this.path = path;
    this.target = target;
  }
}

/** As many as Linux follows before it gives up. */
const MOST_HOPS = 40;

/**
 * What an archive unpacks to, as far as names go: each path as it is spelled, with the folders that it implies. A path
 * that is a file for one member and a folder for another is refused: pip or uv stops there.
 */
export class MemberTree {
  readonly #root = new Map<string, Node>();
  readonly #links: Link[] = [];
  /** The folder of the last member, in which the next is as a rule. */
  #last: readonly [path: string, folder: Map<string, Node>] = ['', this.#root];
  #folders = 0;
  #characters = 0;

  /**
   * @param path relative, without a slash at the end
   * @throws ArchiveError if another member is in its way, or if the paths are too many to keep in mind
   */
  add(path: string, node: 'file' | 'folder' | Link): void {
    this.#characters += path.length;
    if (this.#characters > LARGEST_PATHS)
      throw new ArchiveError(`its paths have more than ${LARGEST_PATHS} characters`);
    const slash = path.lastIndexOf('/');
    const folder = this.#parent(slash < 0 ? '' : path.slice(0, slash), path);
    const name = path.slice(slash + 1);
    if (node === 'folder') {
      this.#folder(folder, name, path);
      return;
    }
    if (folder.get(name) instanceof Map) throw inTheWay(path);
    folder.set(name, node);
    if (node instanceof Link) this.#links.push(node);
  }

  /** What stands at a path, spelled in this way, itself and not what it links to; `undefined` if nothing does. */
  at(path: string): Node | undefined {
    let at: Node | undefined = this.#root;
    for (const part of path.split('/')) {
      if (!(at instanceof Map)) return undefined;
      at = at.get(part);
    }
    return at;
  }

  /** @throws ArchiveError if a link leads back to itself, or through more links than systems follow. */
  checkLinks(): void {
    for (const link of this.#links) this.#follow(link);
  }

  #parent(folder: string, path: string): Map<string, Node> {
    if (folder === this.#last[0]) return this.#last[1];
    const parts = folder === '' ? [] : folder.split('/');
    const found = parts.reduce((at, part) => this.#folder(at, part, path), this.#root);
    this.#last = [folder, found];
    return found;
  }

  #folder(parent: Map<string, Node>, name: string, path: string): Map<string, Node> {
    const found = parent.get(name);
    if (found instanceof Map) return found;
    if (found !== undefined) throw inTheWay(path);
    this.#folders += 1;
    if (this.#folders > MOST_FOLDERS) throw new ArchiveError(`it has more than ${MOST_FOLDERS} folders`);
    const folder = new Map<string, Node>();
    parent.set(name, folder);
    return folder;
  }

  /** Where a link leads in the end, each link looked at once. */
  #follow(link: Link): number {
    if (link.hops === undefined) throw endless(link);
    if (link.hops > 0) return link.hops;
    link.hops = undefined;
    let hops = 1;
    let at: Node | undefined = this.#root;
    for (const part of link.target.split('/')) {
      at = at instanceof Map ? at.get(part) : undefined;
      if (!(at instanceof Link)) continue;
      hops += this.#follow(at);
      at = at.found;
      if (hops > MOST_HOPS) throw endless(link);
    }
    link.hops = hops;
    link.found = at;
    return hops;
  }
}

function inTheWay(path: string): ArchiveError {
  return new ArchiveError(
    `${quoted(path)} needs a file and a folder of one name, which pip and uv cannot both unpack`,
    'rename the file or the folder and build again',
  );
}

function endless({ path }: Link): ArchiveError {
  return new ArchiveError(
    `the link ${quoted(path)} leads back to itself or through more than ${MOST_HOPS} links, where uv stops`,
    'put the file in place of the link and build again',
  );
}
