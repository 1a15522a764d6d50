/** Looks through repositories for packages, many at a time. */

import { byText } from '../../core/order.js';
import { isDenied, isUnreadable } from '../../oci/errors.js';
import type { RepositoryName } from '../../oci/reference.js';
import type { Repository } from '../../oci/store.js';
import { DocumentReader } from '../document-reader.js';
import { type Criteria, isMeant, isNamed } from './criteria.js';
import { type PackageFacts, packageFacts } from './package-facts.js';

export interface Found {
  /** In the order of the names. */
  readonly packages: readonly PackageFacts[];
  /** Repositories that hold no package of PyOCI's. */
  readonly others: readonly string[];
  /** Repositories that may not be read. */
  readonly denied: readonly string[];
}

/** Documents are not kept, so that they need not fit into memory together. */
const ANY_AMOUNT = Number.POSITIVE_INFINITY;

/** @param concurrency requests in flight. @throws what reading throws, but for what one may not read */
export async function findPackages(
  names: readonly RepositoryName[],
  open: (name: RepositoryName) => Repository,
  criteria: Criteria,
  concurrency: number,
  signal: AbortSignal,
): Promise<Found> {
  const reader = new DocumentReader(concurrency, signal, ANY_AMOUNT);
  const others: string[] = [];
  const denied: string[] = [];
  const wanted = names.filter((name) => isNamed(name, criteria)).sort(byText);
  const found = await Promise.all(
    wanted.map(async (name): Promise<PackageFacts | undefined> => {
      try {
        const facts = await packageFacts(open(name), reader, criteria.labels.length > 0);
        if (!facts) others.push(name);
        return facts;
      } catch (error) {
        if (isDenied(error)) denied.push(name);
        else if (isUnreadable(error)) others.push(name);
        else throw error;
        return undefined;
      }
    }),
  );
  const packages = found.filter((facts) => facts !== undefined).filter((facts) => isMeant(facts, criteria));
  return { packages, others: others.sort(byText), denied: denied.sort(byText) };
}
