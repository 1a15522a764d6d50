/** One copy from written inputs to a report: places, stores, packages, versions. */
import { copyPackages, type NamedRepository, type PackagePlaces } from '../../copy/copy-packages.js';
import type { CopyReport } from '../../copy/outcome.js';
import { UsageError } from '../../core/errors.js';
import { githubJob } from '../../github/job.js';
import type { RepositoryName } from '../../oci/reference.js';
import type { OpenStore } from '../open-store.js';
import { openStore } from '../open-store.js';
import type { CopyInputs } from '../settings/inputs.js';
import { type Login, maskLogin } from '../settings/login.js';
import { lifetimeOf } from '../stopping/lifetime.js';
import type { World } from '../world.js';
import { type CopyFlags, copySettings } from './copy-settings.js';
import { linkNotice } from './link-notice.js';
import { repositoriesAt } from './package-list.js';
import { destinationOf, type PlaceArgument } from './place-argument.js';
import { isSameStore, placesIn, storePlaceOf } from './places.js';

export interface CopyOrder {
  /** As written: sources, and the destination at the end. */
  readonly places: readonly string[];
  readonly inputs: CopyInputs;
  readonly flags: CopyFlags;
}

export interface CopyWorld extends Omit<World, 'spelled'> {
  readonly spelled: (name: string) => string;
}

/**
 * Copies what an order names.
 * @throws UsageError for wrong inputs; UserError if a store cannot be opened, or its packages cannot be listed
 */
export async function copyRun({ places, inputs, flags }: CopyOrder, world: CopyWorld): Promise<CopyReport> {
  for (const password of [inputs.password, inputs['from-password']]) maskLogin({ ...inputs, password }, world.masker);
  const job = githubJob(world.env);
  const settings = copySettings(inputs, flags, job, world.clock.now(), world.spelled);
  const { sources, destination } = placesIn(places, settings);
  const { signal, lasting, end } = lifetimeOf(world.signal, world.clock);
  const opened: OpenStore[] = [];
  const open = async (place: PlaceArgument, login: Login, readOnly: boolean): Promise<OpenStore> => {
    const store = await openStore(storePlaceOf(place), { login, readOnly, bareTags: place !== destination }, job, {
      ...world,
      signal: lasting,
    });
    opened.push(store);
    return store;
  };
  try {
    const target = await open(destination, settings.login, settings.dryRun);
    const packages: PackagePlaces[] = [];
    for (const place of sources) {
      const sameStore = isSameStore(place, destination);
      const own = settings.fromLogin.password !== undefined || !sameStore;
      const source = await open(place, own ? settings.fromLogin : settings.login, true);
      const names = await repositoriesAt(source, place, job, settings.login.githubToken, { ...world, signal });
      const within = place.whole ? '' : place.names.kind === 'namespace' ? place.names.namespace : undefined;
      for (const name of names) {
        const tag = place.names.kind === 'package' ? place.names.tag : undefined;
        const goal = destinationOf(name, { tag, within }, destination);
        if (sameStore && goal === name) throw intoItself(imageAt(source, name));
        packages.push({ source: named(source, name), destination: named(target, goal), tag, sameStore });
      }
    }
    const protection =
      target.origin === undefined
        ? ({ kind: 'lock' } as const)
        : ({ kind: 'settle', openJournal: undefined, rerun: false } as const);
    const onNew = await linkNotice(target, world.log);
    const choice = { ...settings, protection, onNew };
    return await copyPackages(packages, choice, settings.concurrency, { ...world, signal });
  } finally {
    end();
    for (const { close } of opened) close();
  }
}

function named(store: OpenStore, name: RepositoryName): NamedRepository {
  return { repository: store.store.repository(name), image: imageAt(store, name) };
}

function imageAt({ origin, store }: OpenStore, name: RepositoryName): string {
  return origin === undefined ? `${store.label}, ${name}` : `${origin.host}/${name}`;
}

function intoItself(image: string): UsageError {
  return new UsageError(`Cannot copy ${image} to itself: source and destination are the same`, {
    hint: 'name another namespace, another registry or another folder as the destination, which is the last argument',
  });
}
