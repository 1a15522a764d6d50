type Folder = Map<string, Folder | 'link'>;

/** The places of an archive where links stand. A tree, so that a deep path costs no more than its length. */
export class LinkPaths {
  readonly #root: Folder = new Map();

  add(path: string): void {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let at = this.#root;
    for (const part of parts) {
      const found = at.get(part);
      // What lies below a link is that link's already.
      if (found === 'link') return;
      const next: Folder = found ?? new Map();
      if (!found) at.set(part, next);
      at = next;
    }
    at.set(name, 'link');
  }

  /** Whether a member of this path would be written to where a link points: it has the link's path, or lies below. */
  leadThrough(path: string): boolean {
    let at: Folder | 'link' | undefined = this.#root;
    for (let start = 0; at instanceof Map && start <= path.length; ) {
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      at = at.get(path.slice(start, end));
      start = end + 1;
    }
    return at === 'link';
  }
}
