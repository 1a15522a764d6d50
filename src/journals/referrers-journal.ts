import { isDigest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { annotationsOf, type Descriptor } from '../oci/descriptor.js';
import type { Referring, Repository } from '../oci/store.js';
import type { Claim, Journal } from '../release/merge/journal.js';
import { appears } from './appearance.js';
import type { Member } from './member.js';
import { decodeRecord, encodeRecord, RECORD_TYPE, subjectOf } from './record.js';
import { Records } from './records.js';

/**
 * Records that the registry's Referrers API lists under one subject. One listing reads them all, because they carry
 * their claims as annotations; a record whose annotations the listing leaves out is read by digest, once.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export class ReferrersJournal implements Journal {
  readonly label = "the registry's referrers";
  readonly complete = true;
  readonly #repository: Repository & Referring;
  readonly #member: Member;
  readonly #subject: Descriptor;
  readonly #records: Records;
  /** Digest of my record. */
  #own: string | undefined;

  constructor(repository: Repository & Referring, member: Member) {
    this.#repository = repository;
    this.#member = member;
    this.#subject = subjectOf(member.meeting);
    this.#records = new Records(repository, member.meeting, member);
  }

  /** Whether there is a Referrers API here at all. Whether it is an honest one shows after `append`. */
  async exists(): Promise<boolean> {
    return (await this.#listed()) !== undefined;
  }

  async append(claims: readonly Claim[]): Promise<void> {
    const record = encodeRecord(claims, this.#member.meeting, this.#member, this.#subject);
    await this.#repository.putManifest(record, this.#member);
    const { digest } = record.descriptor;
    const look = async () => (await this.#list()).some((descriptor) => descriptor.digest === digest);
    if (!(await appears(look, this.#member))) {
      throw new UserError('Cannot use the referrers of this registry: they do not list what was just pushed');
    }
    this.#own = digest;
  }

  async read(): Promise<readonly Claim[]> {
    const listed = await this.#list();
    // Some registries keep this list as carelessly as others keep tags, and lose entries when many are pushed at once.
    if (this.#own !== undefined && !listed.some(({ digest }) => digest === this.#own)) {
      throw new UserError('Cannot use the referrers of this registry: they list no longer what they had listed');
    }
    await Promise.all(listed.map((descriptor) => this.#learn(descriptor)));
    return this.#records.claims;
  }

  async #list(): Promise<readonly Descriptor[]> {
    const listed = await this.#listed();
    if (!listed) throw new UserError('Cannot use the referrers of this registry: it has no Referrers API');
    return listed;
  }

  #listed(): Promise<readonly Descriptor[] | undefined> {
    return this.#repository.referrers(this.#subject.digest, RECORD_TYPE, this.#member);
  }

  async #learn(descriptor: Descriptor): Promise<void> {
    const { digest } = descriptor;
    if (this.#records.knows(digest)) return;
    if (this.#records.take(digest, decodeRecord(annotationsOf(descriptor), this.#member.meeting))) return;
    if (isDigest(digest)) await this.#records.learn(digest);
  }
}
