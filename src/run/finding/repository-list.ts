/** Which repositories there are below a namespace, by the means that each kind of place has. */
import { UserError } from '../../core/errors.js';
import { GitHubApi } from '../../github/api.js';
import type { GitHubJob } from '../../github/job.js';
import { listPackageNames } from '../../github/package-names.js';
import { isRepositoryName, type RepositoryName } from '../../oci/reference.js';
import { isBrowsing } from '../../oci/store.js';
import type { OpenStore } from '../open-store.js';
import type { World } from '../world.js';

/** Outside of any job. */
const GHCR = 'ghcr.io';
const API = 'https://api.github.com';
const CURES = {
  token: 'sign in with a classic personal access token that has read:packages, or name the packages instead',
  limit: 'run again when it is over, or name the packages instead',
};

/**
 * A folder and a registry are asked themselves, GitHub's registry by GitHub's API.
 * @param namespace what the repositories lie below; empty for all of a folder or registry
 * @throws UserError if nobody tells which there are
 */
export async function repositoriesBelow(
  open: Pick<OpenStore, 'store' | 'origin' | 'onGitHub' | 'secret'>,
  namespace: string,
  job: GitHubJob | undefined,
  token: string | undefined,
  world: Pick<World, 'env' | 'userAgent' | 'clock' | 'signal'>,
): Promise<readonly RepositoryName[]> {
  const { store, origin, onGitHub, secret } = open;
  const github = job ? await onGitHub() : origin?.host === GHCR;
  const within = (names: readonly RepositoryName[]): readonly RepositoryName[] =>
    namespace === '' ? names : names.filter((name) => name.startsWith(`${namespace}/`));
  if (github) {
    const [owner = ''] = namespace.split('/');
    if (!isRepositoryName(owner)) {
      throw new UserError(`Cannot list the packages of ${store.label}: GitHub lists those of one owner`, {
        hint: 'name the organization or user',
      });
    }
    const apiUrl = job?.apiUrl ?? (world.env.GITHUB_API_URL || API);
    return within(
      await listPackageNames(new GitHubApi({ ...world, apiUrl, token: secret ?? token, cures: CURES }), owner),
    );
  }
  if (!isBrowsing(store)) throw new UserError(`Cannot list the packages of ${store.label}`);
  return within(await store.repositories({ signal: world.signal }));
}
