/** A manifest or index as it was pushed. */
export interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** One repository: blobs and manifests apart, as every registry keeps them. */
export class Contents {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, Stored>();
  /** Tag to digest. */
  readonly tags = new Map<string, string>();
  /** Uploads under way: id to the state that must come back in the query. */
  readonly uploads = new Map<string, string>();

  resolve(reference: string): { readonly digest: string; readonly stored: Stored } | undefined {
    const digest = reference.includes(':') ? reference : this.tags.get(reference);
    const stored = digest === undefined ? undefined : this.manifests.get(digest);
    return digest === undefined || stored === undefined ? undefined : { digest, stored };
  }

  get sortedTags(): string[] {
    return [...this.tags.keys()].sort(byBytes);
  }
}

/** Repositories by name. Reading one that does not exist creates none. */
export class Shelf {
  readonly #repositories = new Map<string, Contents>();

  find(repository: string): Contents | undefined {
    return this.#repositories.get(repository);
  }

  open(repository: string): Contents {
    const contents = this.#repositories.get(repository) ?? new Contents();
    this.#repositories.set(repository, contents);
    return contents;
  }

  get names(): string[] {
    return [...this.#repositories.keys()].sort(byBytes);
  }
}

/** The order the spec asks of a tag list ("ASCIIbetical"); not that of any language. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
