/** What each kind of place can do for pruning: a registry, GitHub's registry with its API, a layout folder. */
import { UserError } from '../../core/errors.js';
import { GitHubApi } from '../../github/api.js';
import { GitHubVersions } from '../../github/versions.js';
import { isDeleting, isInventoried, type Repository } from '../../oci/store.js';
import type { Shelf } from '../../prune/work/shelf.js';
import type { World } from '../world.js';

/** A limit of the API that lasts longer ends the run, in milliseconds: a job costs money while it waits. */
const LONGEST_WAIT = 5 * 60 * 1_000;

/** Where GitHub's API is, and what opens it. */
export interface GitHubPlace {
  readonly apiUrl: string;
  readonly token: string | undefined;
}

/** A shelf, and how many requests to an API it took by now. */
export interface CountedShelf {
  readonly shelf: Shelf;
  readonly calls: () => number;
}

/** GitHub deletes nothing by the distribution API. Its list finds what a stopped run left, so none takes notes. */
export function gitHubShelf(repository: Repository, { apiUrl, token }: GitHubPlace, world: World): CountedShelf {
  const { userAgent, clock, signal } = world;
  const cures = {
    token: 'in a job give the input `github-token`; elsewhere sign in with a classic personal access token',
    limit: 'run again when it is over, which continues where this run stopped',
  };
  const api = new GitHubApi({ apiUrl, token, userAgent, clock, signal, longestWait: LONGEST_WAIT, cures });
  const versions = new GitHubVersions(api, repository.name, clock);
  const shelf: Shelf = {
    repository,
    list: () => versions.list(),
    delete: (digest, options) => versions.delete(digest, options.signal),
    takesNotes: false,
    get restore() {
      return versions.restore;
    },
  };
  return { shelf, calls: () => versions.calls };
}

/** By the distribution API, or in a folder. */
export function plainShelf(repository: Repository): CountedShelf {
  if (!isDeleting(repository)) throw new UserError(`Cannot prune ${repository.name}: nothing can be deleted here`);
  const shelf: Shelf = {
    repository,
    ...(isInventoried(repository) && { orphans: (options) => repository.orphans(options) }),
    delete: (digest, options) => repository.deleteManifest(digest, options),
    deleteTag: async (tag, options) => repository.deleteTag?.(tag, options),
    takesNotes: true,
  };
  return { shelf, calls: () => 0 };
}
