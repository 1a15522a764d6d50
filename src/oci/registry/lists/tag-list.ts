import { UserError } from '../../../core/errors.js';
import { isObject } from '../../descriptor.js';
import type { RepositoryName } from '../../reference.js';
import type { ReadOptions } from '../../store.js';
import type { Http, ReadAnswer } from '../http.js';
import { RegistryError } from '../refusal/errors.js';
import { readPages } from './listing.js';

/** As many as any registry gives at once; without a number GitHub's gives 100. */
const PAGE = '1000';
/** Bytes: distribution 2.8 has no pages and gives all tags at once. */
const LONGEST_PAGE = 16 * 1024 * 1024;

/**
 * Every tag of a repository, each once, in the order of the registry; none if there is no such repository.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export async function listTags(
  http: Http,
  repository: RepositoryName,
  options: ReadOptions,
): Promise<readonly string[]> {
  try {
    return await list(http, repository, { n: PAGE }, options);
  } catch (error) {
    // distribution 3.0 refuses a number that is larger than it was told to allow.
    const tooMany = error instanceof RegistryError && error.status === 400 && error.says('PAGINATION_NUMBER_INVALID');
    if (!tooMany) throw error;
    return list(http, repository, {}, options);
  }
}

async function list(
  http: Http,
  repository: RepositoryName,
  query: Readonly<Record<string, string>>,
  { signal }: ReadOptions,
): Promise<readonly string[]> {
  const step = `list the tags of ${repository}`;
  const url = http.url(`${repository}/tags/list`, query);
  const tags = new Set<string>();
  const request = { step, method: 'GET', url, repository, accept: [200], limit: LONGEST_PAGE, signal } as const;
  try {
    await readPages(http, request, (page) => {
      const before = tags.size;
      for (const tag of tagsOf(page, step)) tags.add(tag);
      return tags.size > before;
    });
  } catch (error) {
    const unknown = error instanceof RegistryError && error.status === 404 && error.says('NAME_UNKNOWN', 'NOT_FOUND');
    if (!unknown) throw error;
  }
  return [...tags];
}

function tagsOf({ body, url }: ReadAnswer, step: string): readonly string[] {
  let page: unknown;
  try {
    page = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new UserError(`Cannot ${step}: ${url.host} did not answer with JSON`, {
      cause,
      hint: `check that ${url.host} is a registry`,
    });
  }
  // A repository without tags has `null` here on some registries.
  const tags = isObject(page) ? (page.tags ?? []) : undefined;
  if (!Array.isArray(tags)) throw new UserError(`Cannot ${step}: ${url.host} answered without a list of tags`);
  return tags.filter((tag): tag is string => typeof tag === 'string');
}
