/** The container packages of an owner, as GitHub's API lists them. Its registry has no such list. */
import { UserError } from '../core/errors.js';
import { isObject } from '../oci/descriptor.js';
import { isRepositoryName, type RepositoryName } from '../oci/reference.js';
import type { GitHubAnswer, GitHubApi } from './api.js';

const A_PAGE = 100;

/**
 * Their repositories, the owner in front: `octo-org/my_package`.
 * @see https://docs.github.com/en/rest/packages/packages#list-packages-for-an-organization
 * @throws UserError if the token may not list them, as that of a job, or there is no such owner
 */
export async function listPackageNames(api: Pick<GitHubApi, 'get'>, owner: string): Promise<readonly RepositoryName[]> {
  for (const kind of ['orgs', 'users']) {
    const names = await pagesOf(api, owner, kind);
    if (names) return names;
  }
  throw new UserError(`Cannot list the packages of ${owner}: GitHub knows no organization or user of this name`, {
    hint: 'check the spelling, and that the token may read the packages of this owner',
  });
}

/** @returns `undefined` if there is no owner of this kind */
async function pagesOf(
  api: Pick<GitHubApi, 'get'>,
  owner: string,
  kind: string,
): Promise<readonly RepositoryName[] | undefined> {
  const names: RepositoryName[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await api.get(
      `/${kind}/${encodeURIComponent(owner)}/packages?package_type=container&per_page=${A_PAGE}&page=${page}`,
    );
    if (answer.status === 404) return undefined;
    if (answer.status !== 200 || !Array.isArray(answer.body)) throw unlisted(owner, answer);
    for (const one of answer.body as readonly unknown[]) {
      const name = isObject(one) && typeof one.name === 'string' ? `${owner}/${one.name}`.toLowerCase() : '';
      if (isRepositoryName(name)) names.push(name);
    }
    if (answer.body.length < A_PAGE) return names;
  }
}

/** The token of a job is answered 400: it belongs to one repository, and packages belong to owners. */
function unlisted(owner: string, { status, body }: GitHubAnswer): UserError {
  const said = isObject(body) && typeof body.message === 'string' ? `: ${body.message}` : '';
  return new UserError(`Cannot list the packages of ${owner}: the API of GitHub answers ${status}${said}`, {
    hint: 'the token of a job cannot list packages; sign in with a classic personal access token that has read:packages, or name the packages instead',
  });
}
