/** Which repositories a place stands for. */
import { UserError } from '../../core/errors.js';
import type { GitHubJob } from '../../github/job.js';
import type { RepositoryName } from '../../oci/reference.js';
import { repositoriesBelow } from '../finding/repository-list.js';
import type { OpenStore } from '../open-store.js';
import type { World } from '../world.js';
import type { PlaceArgument } from './place-argument.js';

/**
 * The repository that is named, or all below a namespace.
 * @throws UserError if nobody tells which there are, or there is none
 */
export async function repositoriesAt(
  open: OpenStore,
  { names, text }: PlaceArgument,
  job: GitHubJob | undefined,
  token: string | undefined,
  world: Pick<World, 'env' | 'userAgent' | 'clock' | 'signal'>,
): Promise<readonly RepositoryName[]> {
  if (names.kind === 'package') return [names.repository];
  world.signal.throwIfAborted();
  const found = await repositoriesBelow(open, names.namespace, job, token, world);
  if (found.length) return found;
  throw new UserError(`Cannot copy ${text}: there is no package below it`, {
    hint: 'check the spelling; without the slash at its end it is the name of a package',
  });
}
