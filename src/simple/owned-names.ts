/** Which projects are served from the registry: names and globs that the user lists, and nothing that is looked up. */
import { UsageError } from '../core/errors.js';
import { parseRepositoryName, type RepositoryName } from '../oci/reference.js';
import { repositoryOf } from '../pyoci/names.js';

/** One owned project, and where it is. */
export interface OwnedName {
  /** In normal form. */
  readonly project: string;
  readonly repository: RepositoryName;
}

interface Pattern {
  readonly namespace: string;
  /** In normal form, with `*` and `?` for anything. */
  readonly text: string;
  readonly matches: RegExp;
}

const LEGAL = /^[A-Za-z0-9*?](?:[A-Za-z0-9*?._-]*[A-Za-z0-9*?])?$/;
const HINT = 'write a name or a glob, as in hello-pyoci or acme-*; NAMESPACE/NAME for another namespace';

/** The owned names of a run, as the user lists them. */
export class OwnedNames {
  readonly #patterns: readonly Pattern[];
  readonly #host: string;

  /**
   * @param patterns names and globs (`*`, `?`), compared in normal form (PEP 503); `NAMESPACE/` in front for another one
   * @param namespace of those that name none
   * @param host of the registry, empty for a folder; it counts towards the length of a repository's name
   * @throws UsageError for a pattern that is none, or none at all
   */
  constructor(patterns: readonly string[], namespace: string | undefined, host = '') {
    if (!patterns.length) throw new UsageError('found nothing, expected at least one name', { hint: HINT });
    const parsed = patterns.map((pattern) => parse(pattern, namespace, host));
    // A name that is written out says more than a glob.
    this.#patterns = [...parsed.filter(isPlain), ...parsed.filter((pattern) => !isPlain(pattern))];
    this.#host = host;
  }

  /** @param project in normal form. @returns `undefined` if it is not ours */
  find(project: string): OwnedName | undefined {
    const pattern = this.#patterns.find(({ matches }) => matches.test(project));
    return pattern && this.#named(project, pattern.namespace);
  }

  /** The names that are written out, in order: globs name nothing by themselves. */
  get listed(): readonly string[] {
    return [...new Set(this.#patterns.filter(isPlain).map(({ text }) => text))].sort();
  }

  /** Whether there is a pattern that every name matches: then nothing is left for any other index. */
  get everything(): boolean {
    return this.#patterns.some(({ text }) => /^\*+$/.test(text));
  }

  #named(project: string, namespace: string): OwnedName {
    return { project, repository: parseRepositoryName(`${namespace}/${repositoryOf(project)}`, this.#host) };
  }
}

function parse(pattern: string, namespace: string | undefined, host: string): Pattern {
  const slash = pattern.lastIndexOf('/');
  const name = pattern.slice(slash + 1);
  const within = slash < 0 ? namespace : pattern.slice(0, slash).toLowerCase();
  if (!LEGAL.test(name))
    throw new UsageError(`found "${pattern}", expected the name of a project or a glob`, { hint: HINT });
  if (within === undefined) {
    throw new UsageError(`found "${pattern}", but no namespace to look for it in`, {
      hint: `set the namespace, or write NAMESPACE/${name}`,
    });
  }
  parseRepositoryName(within, host);
  const text = name.replace(/[-_.]+/g, '-').toLowerCase();
  const parts = [...text].map((letter) => (letter === '*' ? '.*' : letter === '?' ? '.' : letter));
  return { namespace: within, text, matches: new RegExp(`^${parts.join('')}$`) };
}

function isPlain({ text }: Pattern): boolean {
  return !/[*?]/.test(text);
}
