/** Which arguments of a copy are sources, and which one is the destination; in which store each lies. Pure. */
import { resolve } from 'node:path';
import { UsageError } from '../../core/errors.js';
import type { StorePlace } from '../open-store.js';
import type { CopySettings } from './copy-settings.js';
import { type PlaceArgument, parsePlace } from './place-argument.js';

export interface Places {
  readonly sources: readonly PlaceArgument[];
  readonly destination: PlaceArgument;
}

/**
 * The last argument is the destination. Of folders a side that is not named is the whole folder: there packages keep their
 * full names.
 * @throws UsageError if there are too few, or one is malformed
 */
export function placesIn(
  places: readonly string[],
  { fromFolder, toFolder }: Pick<CopySettings, 'fromFolder' | 'toFolder'>,
): Places {
  const whole = (folder: string): PlaceArgument => ({ ...parsePlace('/', folder), whole: true });
  const [only, ...more] = places;
  if (only !== undefined && more.length) {
    const destination = parsePlace(places.at(-1) ?? '', toFolder);
    return fitting(
      places.slice(0, -1).map((place) => parsePlace(place, fromFolder)),
      destination,
    );
  }
  if (toFolder !== undefined && (only !== undefined || fromFolder !== undefined)) {
    const source = only === undefined ? whole(fromFolder ?? '') : { ...parsePlace(only, fromFolder), whole: true };
    return { sources: [source], destination: whole(toFolder) };
  }
  if (fromFolder !== undefined && only !== undefined) {
    return fitting([whole(fromFolder)], parsePlace(only, toFolder));
  }
  throw new UsageError(`Cannot copy: expected a source and a destination, found ${only ?? 'neither'}`, {
    hint: 'name both, as in `pyoci-publish copy ghcr.io/octo-org/staging/my_package:1.0 ghcr.io/octo-org/release/`',
  });
}

/** @throws UsageError where many packages would go into one */
function fitting(sources: readonly PlaceArgument[], destination: PlaceArgument): Places {
  const many = sources.find(({ names }) => names.kind === 'namespace');
  if (!many || destination.names.kind === 'namespace') return { sources, destination };
  throw new UsageError(
    `Cannot copy ${many.text} to ${destination.text}: a namespace is copied, and this names one package`,
    {
      hint: `write a slash at the end of a namespace: ${destination.text}/`,
    },
  );
}

export function storePlaceOf({ folder, origin, names }: PlaceArgument): StorePlace {
  if (folder !== undefined) return { kind: 'layout', folder };
  return { kind: 'registry', origin, within: names.kind === 'namespace' ? names.namespace : names.repository };
}

export function isSameStore(one: PlaceArgument, other: PlaceArgument): boolean {
  if (one.folder !== undefined || other.folder !== undefined) {
    return one.folder !== undefined && other.folder !== undefined && resolve(one.folder) === resolve(other.folder);
  }
  return one.origin?.host === other.origin?.host && one.origin?.scheme === other.origin?.scheme;
}
