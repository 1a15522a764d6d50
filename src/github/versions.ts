/** The versions of one container package, to be listed as a whole and deleted one by one. */
import { type Digest, isDigest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import type { Clock } from '../core/ports.js';
import { isObject } from '../oci/descriptor.js';
import { NotDeletedError } from '../oci/errors.js';
import type { RepositoryName } from '../oci/reference.js';
import type { GitHubAnswer, GitHubApi } from './api.js';
import { Pace } from './pace.js';
import { VERSIONS_A_PAGE } from './packages-api.js';

/** A manifest or index, each a version of the package. */
export interface ListedVersion {
  readonly id: number;
  readonly digest: Digest;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch, by GitHub's clock. */
  readonly created: number;
  readonly changed: number;
}

/** A page that changed in between shifts all that follow; so does each new version. */
const MOST_READINGS = 5;

/** A deletion counts five points, of which there are 900 a minute. */
const DELETIONS_A_MINUTE = 180;

type Page = { readonly etag: string | undefined; readonly text: string; readonly versions: readonly ListedVersion[] };

/**
 * @see https://docs.github.com/en/rest/packages/packages
 * @see https://docs.github.com/en/packages/learn-github-packages/deleting-and-restoring-a-package
 */
export class GitHubVersions {
  /** Requests that were sent. */
  calls = 0;
  readonly #api: Pick<GitHubApi, 'get' | 'delete'>;
  readonly #owner: string;
  readonly #package: string;
  readonly #pace: Pace;
  readonly #pages = new Map<string, Page>();
  readonly #ids = new Map<Digest, number>();
  /** Owners are organisations or users, and only users themselves delete what is theirs under the last. */
  #kinds: readonly string[] = ['orgs', 'users', 'user'];

  /** @param repository owner first; what follows is the package, slashes and all */
  constructor(api: Pick<GitHubApi, 'get' | 'delete'>, repository: RepositoryName, clock: Clock) {
    const [owner = '', ...rest] = repository.split('/');
    this.#api = api;
    this.#owner = owner;
    this.#package = encodeURIComponent(rest.join('/'));
    this.#pace = new Pace(DELETIONS_A_MINUTE, 60_000, clock);
  }

  /** The command that brings a version back, for 30 days. */
  get restore(): string {
    return `gh api --method POST ${this.#path(this.#kinds[0] ?? 'orgs')}/versions/ID/restore`;
  }

  /**
   * All active versions, once two readings of all pages agree.
   * @throws UserError if there is no such package, the token may not ask, or the versions change all the time
   */
  async list(): Promise<readonly ListedVersion[]> {
    let before: string | undefined;
    for (let reading = 0; reading < MOST_READINGS; reading += 1) {
      const pages = await this.#read();
      const text = pages.map((page) => page.text).join('\n');
      if (text === before) {
        const versions = pages.flatMap((page) => page.versions);
        for (const { digest, id } of versions) this.#ids.set(digest, id);
        return versions;
      }
      before = text;
    }
    throw new UserError(`Cannot list the versions of the package ${this.#name}: they change while they are read`, {
      hint: 'run again when fewer versions are published',
    });
  }

  /**
   * Deletes the version of a manifest with all of its tags.
   * @throws NotDeletedError if this one stays, UserError if that is true of all
   */
  async delete(digest: Digest, signal: AbortSignal | undefined): Promise<'deleted' | 'absent'> {
    const id = this.#ids.get(digest) ?? (await this.#idOf(digest));
    if (id === undefined) return 'absent';
    await this.#pace.turn(signal);
    const path = `/versions/${id}`;
    const answer = await this.#ask('delete', path);
    if (answer.status === 204 || answer.status === 200) return 'deleted';
    if (answer.status === 404 && (await this.#ask('get', path)).status === 404) return 'absent';
    throw this.#undeleted(digest, answer);
  }

  /** Of what was written after the list. */
  async #idOf(digest: Digest): Promise<number | undefined> {
    await this.list();
    return this.#ids.get(digest);
  }

  async #read(): Promise<readonly Page[]> {
    const pages: Page[] = [];
    for (let number = 1; ; number += 1) {
      const page = await this.#page(`/versions?state=active&per_page=${VERSIONS_A_PAGE}&page=${number}`);
      if (page.versions.length) pages.push(page);
      if (page.versions.length < VERSIONS_A_PAGE) return pages;
    }
  }

  async #page(path: string): Promise<Page> {
    const known = this.#pages.get(path);
    const answer = await this.#found(path, known?.etag);
    if (answer.status === 304 && known) return known;
    if (answer.status !== 200 || !Array.isArray(answer.body)) throw this.#unlisted(answer);
    const versions = answer.body.map((value: unknown) => this.#version(value));
    const text = versions.map(({ id, digest, tags }) => [id, digest, ...tags].join(' ')).join('\n');
    const page = { etag: answer.headers.etag, text, versions };
    this.#pages.set(path, page);
    return page;
  }

  /** Asks under each kind of owner until one knows the package. */
  async #found(path: string, etag: string | undefined): Promise<GitHubAnswer> {
    let last: GitHubAnswer | undefined;
    for (const kind of this.#kinds) {
      this.calls += 1;
      last = await this.#api.get(`${this.#path(kind)}${path}`, etag);
      if (last.status === 404) continue;
      // The same package is both: its owner reads it under `users` and deletes it under `user`.
      this.#kinds = kind === 'users' ? ['users', 'user'] : [kind];
      return last;
    }
    return last ?? { status: 404, headers: {}, body: undefined };
  }

  async #ask(method: 'get' | 'delete', path: string): Promise<GitHubAnswer> {
    let last: GitHubAnswer | undefined;
    for (const kind of this.#kinds) {
      this.calls += 1;
      last = await this.#api[method](`${this.#path(kind)}${path}`);
      if (last.status !== 404 && last.status !== 403) return last;
    }
    return last ?? { status: 404, headers: {}, body: undefined };
  }

  #path(kind: string): string {
    const owner = kind === 'user' ? '/user' : `/${kind}/${this.#owner}`;
    return `${owner}/packages/container/${this.#package}`;
  }

  get #name(): string {
    return `${this.#owner}/${decodeURIComponent(this.#package)}`;
  }

  /** An entry that says too little could be the one that names what would be deleted. */
  #version(value: unknown): ListedVersion {
    if (isObject(value) && typeof value.id === 'number' && isDigest(value.name)) {
      const container = isObject(value.metadata) ? value.metadata.container : undefined;
      const tags = isObject(container) && Array.isArray(container.tags) ? container.tags : [];
      const created = timeOf(value.created_at);
      const changed = timeOf(value.updated_at) ?? created;
      if (created !== undefined && changed !== undefined) {
        const texts = tags.filter((tag): tag is string => typeof tag === 'string');
        return { id: value.id, digest: value.name, tags: texts, created, changed: Math.max(created, changed) };
      }
    }
    throw new UserError(`Cannot list the versions of the package ${this.#name}: an entry lacks its id, digest or time`);
  }

  #unlisted({ status, body }: GitHubAnswer): UserError {
    return new UserError(`Cannot list the versions of the package ${this.#name}: ${answered(status, body)}`, {
      hint: RIGHTS,
    });
  }

  #undeleted(digest: Digest, { status, body }: GitHubAnswer): UserError {
    const message = `Cannot delete ${digest} of the package ${this.#name}: ${answered(status, body)}`;
    const said = saidIn(body);
    if (/last (?:tagged )?version/i.test(said)) {
      const all = `gh api --method DELETE ${this.#path(this.#kinds[0] ?? 'orgs')}`;
      return new NotDeletedError(message, {
        hint: `GitHub keeps the last version of a package: delete the package instead, in its settings or with: ${all}`,
      });
    }
    if (/downloads/i.test(said)) {
      return new NotDeletedError(message, {
        hint: 'GitHub keeps public versions with more than 5,000 downloads: make the package private, run again, then make it public; or keep this version',
      });
    }
    return new UserError(message, { hint: RIGHTS });
  }
}

const RIGHTS =
  'in a job: open the settings of the package on GitHub, "Manage Actions access", and give this repository the role Admin; elsewhere: use a classic personal access token with the scopes read:packages and delete:packages. GitHub says 404 where such a right is missing';

function answered(status: number, body: unknown): string {
  const said = saidIn(body);
  return `the API of GitHub answers ${status}${said && ` (${said})`}`;
}

function saidIn(body: unknown): string {
  return isObject(body) && typeof body.message === 'string' ? body.message.slice(0, 300) : '';
}

/** Milliseconds since the epoch of an RFC 3339 time. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}
