/** Which repositories a place stands for. */
import { UserError } from '../../core/errors.js';
import type { RepositoryName } from '../../oci/reference.js';
import { isBrowsing, type Store } from '../../oci/store.js';
import type { PlaceArgument } from './place-argument.js';

/**
 * The repository that is named, or all below a namespace.
 * @throws UserError if the store cannot be asked which there are, or there is none
 */
export async function repositoriesAt(
  store: Store,
  { names, text }: PlaceArgument,
  signal: AbortSignal,
): Promise<readonly RepositoryName[]> {
  if (names.kind === 'package') return [names.repository];
  const { namespace } = names;
  signal.throwIfAborted();
  if (!isBrowsing(store)) {
    throw new UserError(`Cannot copy ${text}: ${store.label} cannot be asked which packages it has`, {
      hint: 'name the packages, one after the other, in front of the destination',
    });
  }
  const all = await store.repositories({ signal });
  const found = namespace === '' ? all : all.filter((name) => name.startsWith(`${namespace}/`));
  if (found.length) return found;
  throw new UserError(`Cannot copy ${text}: there is no package below it`, {
    hint: 'check the spelling; without the slash at its end it is the name of a package',
  });
}
