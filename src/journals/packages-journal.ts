import { isDigest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { Lane } from '../core/lane.js';
import { type PackagesApi, type PackageVersion, VERSIONS_A_PAGE } from '../github/packages-api.js';
import type { Repository } from '../oci/store.js';
import type { Claim, Journal } from '../release/merge/journal.js';
import { appears } from './appearance.js';
import type { Member } from './member.js';
import { encodeRecord, type Meeting } from './record.js';
import { Records } from './records.js';

/**
 * Pages of the newest versions that are looked at: 600. Of 72 legs that publish a wheel with three attachments each, the
 * whole run makes 466 versions. What is older stood in the tag long before, or was left by a publisher that died: its
 * re-run appends its record again.
 */
const MOST_PAGES = 6;
/** Reads of manifests in flight. */
const READING = 8;

/**
 * Untagged records in a package of GitHub's registry, which has no Referrers API. They are found through the REST
 * listing of the package's versions; what each unknown version is, the registry tells.
 */
export class PackagesJournal implements Journal {
  readonly label = "the package's list of versions on GitHub";
  readonly complete = true;
  readonly #repository: Repository;
  readonly #api: PackagesApi;
  readonly #member: Member;
  readonly #records: Records;
  readonly #reading = new Lane(READING);
  /** Digests on the pages that were read: below one of them nothing is new. */
  readonly #listed = new Set<string>();
  #runStart: Promise<number | undefined> | undefined;
  /** The look that found my record has read the journal already. */
  #justRead = false;

  constructor(repository: Repository, member: Member, api: PackagesApi) {
    this.#repository = repository;
    this.#member = member;
    this.#api = api;
    this.#records = new Records(repository, member.meeting, member);
  }

  async append(claims: readonly Claim[]): Promise<void> {
    const record = encodeRecord(claims, this.#member.meeting, this.#member);
    await this.#repository.putManifest(record, this.#member);
    let visible = true;
    const look = async (): Promise<boolean> => {
      visible = await this.#refresh();
      return this.#listed.has(record.descriptor.digest);
    };
    if (!(await appears(look, this.#member))) throw notListed(this.#member.meeting, visible);
    this.#justRead = true;
  }

  async read(): Promise<readonly Claim[]> {
    if (!this.#justRead && !(await this.#refresh())) throw notListed(this.#member.meeting, false);
    this.#justRead = false;
    return this.#records.claims;
  }

  /** Reads the listing as far as it is new. @returns whether the API knows the package */
  async #refresh(): Promise<boolean> {
    this.#runStart ??= this.#api.runStart();
    const start = (await this.#runStart) ?? -Infinity;
    const fresh: PackageVersion[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const versions = await this.#api.versions(page);
      if (!versions) return false;
      const unknown = versions.filter(({ digest }) => !this.#listed.has(digest));
      fresh.push(...unknown);
      const reachesBack = versions.some(({ createdAt }) => createdAt < start);
      if (unknown.length < versions.length || versions.length < VERSIONS_A_PAGE || reachesBack) break;
    }
    await Promise.all(fresh.map((version) => this.#reading.run(() => this.#learn(version, start))));
    for (const { digest } of fresh) this.#listed.add(digest);
    return true;
  }

  /** Records have no tag, and none is older than its run. */
  async #learn({ digest, tagged, createdAt }: PackageVersion, start: number): Promise<void> {
    if (!tagged && createdAt >= start && isDigest(digest)) await this.#records.learn(digest);
  }
}

function notListed({ repository }: Meeting, visible: boolean): UserError {
  return visible
    ? new UserError(`Cannot use the versions of the package ${repository}: they do not list what was just pushed`)
    : new UserError(
        `Cannot list the versions of the package ${repository}: GitHub answers that there is no such package, which it also says where the token has no rights`,
        {
          hint: 'give the job the permission `packages: write`, and this repository access to the package (its settings, "Manage Actions access")',
        },
      );
}
