import { UserError } from '../core/errors.js';
import { isObject } from '../oci/descriptor.js';
import type { RepositoryName } from '../oci/reference.js';
import type { GitHubAnswer, GitHubApi } from './api.js';
import { type PackagesApi, type PackageVersion, VERSIONS_A_PAGE } from './packages-api.js';

/** A run of a workflow, as the API names it. */
export interface RunName {
  /** `OWNER/REPO`. */
  readonly project: string;
  readonly id: string;
}

/**
 * The versions of one container package.
 * @see https://docs.github.com/en/rest/packages/packages
 */
export class GitHubPackages implements PackagesApi {
  readonly #api: Pick<GitHubApi, 'get'>;
  readonly #run: RunName;
  readonly #owner: string;
  readonly #package: string;
  /** Owners are organisations or users, and the API wants to be told which. */
  #kinds: readonly string[] = ['orgs', 'users'];
  readonly #pages = new Map<string, { readonly etag: string; readonly versions: readonly PackageVersion[] }>();

  /** @param repository owner first; what follows is the package, slashes and all */
  constructor(api: Pick<GitHubApi, 'get'>, repository: RepositoryName, run: RunName) {
    const [owner = '', ...rest] = repository.split('/');
    this.#api = api;
    this.#run = run;
    this.#owner = owner;
    this.#package = encodeURIComponent(rest.join('/'));
  }

  async versions(page: number): Promise<readonly PackageVersion[] | undefined> {
    for (const kind of this.#kinds) {
      const found = await this.#pageOf(kind, page);
      if (!found) continue;
      this.#kinds = [kind];
      return found;
    }
    return undefined;
  }

  async runStart(): Promise<number | undefined> {
    const { project, id } = this.#run;
    const { status, body } = await this.#api.get(`/repos/${project}/actions/runs/${encodeURIComponent(id)}`);
    return status === 200 && isObject(body) ? timeOf(body.created_at) : undefined;
  }

  async #pageOf(kind: string, page: number): Promise<readonly PackageVersion[] | undefined> {
    const path = `/${kind}/${this.#owner}/packages/container/${this.#package}/versions?per_page=${VERSIONS_A_PAGE}&page=${page}`;
    const known = this.#pages.get(path);
    const answer = await this.#api.get(path, known?.etag);
    if (answer.status === 304 && known) return known.versions;
    if (answer.status === 404) return undefined;
    if (answer.status !== 200 || !Array.isArray(answer.body)) throw this.#refused(answer);
    const versions = answer.body.flatMap(versionOf);
    const { etag } = answer.headers;
    if (etag !== undefined) this.#pages.set(path, { etag, versions });
    return versions;
  }

  #refused({ status }: GitHubAnswer): UserError {
    const name = `${this.#owner}/${decodeURIComponent(this.#package)}`;
    return new UserError(`Cannot list the versions of the package ${name}: the API of GitHub answers ${status}`, {
      hint:
        status === 401 || status === 403
          ? 'give the job the permission `packages: write`, and the input `github-token` a token of this job'
          : undefined,
    });
  }
}

function versionOf(value: unknown): readonly PackageVersion[] {
  if (!isObject(value) || typeof value.name !== 'string') return [];
  const createdAt = timeOf(value.created_at);
  if (createdAt === undefined) return [];
  const { metadata } = value;
  const container = isObject(metadata) && isObject(metadata.container) ? metadata.container : undefined;
  const tagged = Array.isArray(container?.tags) && container.tags.length > 0;
  return [{ digest: value.name, tagged, createdAt }];
}

/** Milliseconds since the epoch of an RFC 3339 time. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}
