import { UserError } from '../../../core/errors.js';
import { isObject } from '../../descriptor.js';
import { isRepositoryName, NO_REPOSITORY, type RepositoryName } from '../../reference.js';
import type { ReadOptions } from '../../store.js';
import type { Http, ReadAnswer } from '../http.js';
import { RegistryError } from '../refusal/errors.js';
import { readPages } from './listing.js';

/** As many as a registry gives at once; one that gives fewer says where to go on. */
const PAGE = '1000';
/** Bytes. */
const LONGEST_PAGE = 16 * 1024 * 1024;
/** What a registry answers that has no such list, or gives it to its administrators alone. */
const NOT_OFFERED = [400, 401, 403, 404, 405, 501];

/**
 * Every repository of a registry, each once, in the order of the registry. The distribution specification has no such
 * list; many registries kept it from the API before that.
 * @see https://distribution.github.io/distribution/spec/api/#listing-repositories
 * @throws UserError if the registry does not offer it to us
 */
export async function listCatalog(http: Http, { signal }: ReadOptions): Promise<readonly RepositoryName[]> {
  const step = 'list the repositories';
  const url = http.url('_catalog', { n: PAGE });
  const names = new Set<RepositoryName>();
  const request = {
    step,
    method: 'GET',
    url,
    repository: NO_REPOSITORY,
    accept: [200],
    limit: LONGEST_PAGE,
    signal,
  } as const;
  try {
    await readPages(http, request, (page) => {
      const before = names.size;
      for (const name of namesOf(page, step)) names.add(name);
      return names.size > before;
    });
  } catch (error) {
    const refused = error instanceof RegistryError && NOT_OFFERED.includes(error.status);
    if (!refused) throw error;
    throw new UserError(`Cannot list the repositories of ${url.host}: it answers ${error.status} to that`, {
      cause: error,
      hint: 'many registries keep this list to themselves; name the packages instead',
    });
  }
  return [...names];
}

function namesOf({ body, url }: ReadAnswer, step: string): readonly RepositoryName[] {
  let page: unknown;
  try {
    page = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new UserError(`Cannot ${step}: ${url.host} did not answer with JSON`, {
      cause,
      hint: `check that ${url.host} is a registry`,
    });
  }
  const names = isObject(page) ? (page.repositories ?? []) : undefined;
  if (!Array.isArray(names)) throw new UserError(`Cannot ${step}: ${url.host} answered without a list of them`);
  return names.filter((name): name is RepositoryName => typeof name === 'string' && isRepositoryName(name));
}
