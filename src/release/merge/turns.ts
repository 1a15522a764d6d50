import { type InTurn, isReferring, type Referring, type Repository } from '../../oci/store.js';

/**
 * The same repository, whose small requests each take their turn: a journal that waits between two of them keeps nobody
 * else waiting.
 */
export function takingTurns(repository: Repository, inTurn: InTurn): Repository {
  const turning: Repository = {
    name: repository.name,
    putBlob: (...given) => repository.putBlob(...given),
    hasBlob: (...given) => inTurn(() => repository.hasBlob(...given)),
    openBlob: (...given) => repository.openBlob(...given),
    getManifest: (...given) => inTurn(() => repository.getManifest(...given)),
    hasManifest: (...given) => inTurn(() => repository.hasManifest(...given)),
    putManifest: (...given) => inTurn(() => repository.putManifest(...given)),
    putTag: (...given) => inTurn(() => repository.putTag(...given)),
    tags: (...given) => inTurn(() => repository.tags(...given)),
  };
  if (!isReferring(repository)) return turning;
  const referring: Referring = { referrers: (...given) => inTurn(() => repository.referrers(...given)) };
  return { ...turning, ...referring };
}
