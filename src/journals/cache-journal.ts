import { digestOf, hexOf, isDigest } from '../core/digest.js';
import { Lane } from '../core/lane.js';
import type { Repository } from '../oci/store.js';
import type { Claim, Journal } from '../release/merge/journal.js';
import type { Member } from './member.js';
import { encodeRecord } from './record.js';
import { Records } from './records.js';

/** The Actions cache as a list of names: entries are never downloaded. Best effort, and only the action has it. */
export interface CacheEntries {
  save(key: string): Promise<void>;
  /** The whole key of the newest entry whose key begins with `prefix`. */
  find(prefix: string): Promise<string | undefined>;
}

/** One leg of a matrix, and how many there are. */
export interface MatrixPlace {
  /** `GITHUB_JOB`, the same for all legs. */
  readonly job: string;
  readonly index: number;
  readonly total: number;
}

/** With the first change of what a key means this changes too. */
const FORMAT = 'pyoci-publish-1';
/** Part of no part of a key. */
const BETWEEN = '.';
const LOOKING = 8;
/** The cache is looked into, never waited for: it has so many milliseconds to answer. */
const PATIENCE = 5_000;

/**
 * Untagged records, announced by the names of entries in the Actions cache. Scopes, compression, read-only tokens and
 * eviction may hide an entry, so a reading only ever adds: timing protects.
 */
export class CacheJournal implements Journal {
  readonly label = 'the Actions cache';
  readonly complete = false;
  readonly #repository: Repository;
  readonly #cache: CacheEntries;
  readonly #member: Member;
  readonly #place: MatrixPlace;
  readonly #records: Records;
  readonly #looking = new Lane(LOOKING);
  /** Indexes of the legs whose records were not found yet. */
  readonly #missing: Set<number>;

  constructor(repository: Repository, member: Member, cache: CacheEntries, place: MatrixPlace) {
    this.#repository = repository;
    this.#member = member;
    this.#cache = cache;
    this.#place = place;
    this.#records = new Records(repository, member.meeting, member);
    this.#missing = new Set(Array.from({ length: place.total }, (_, index) => index));
    this.#missing.delete(place.index);
  }

  async append(claims: readonly Claim[]): Promise<void> {
    const record = encodeRecord(claims, this.#member.meeting, this.#member);
    await this.#repository.putManifest(record, this.#member);
    const key = `${this.#prefixOf(this.#place.index)}${hexOf(record.descriptor.digest)}`;
    await this.#patiently('announce this job', () => this.#cache.save(key));
  }

  async read(): Promise<readonly Claim[]> {
    const looks = [...this.#missing].map((index) => this.#looking.run(() => this.#look(index)));
    await Promise.all(looks);
    return this.#records.claims;
  }

  async #look(index: number): Promise<void> {
    if (!this.#missing.has(index)) return;
    const prefix = this.#prefixOf(index);
    const key = await this.#patiently('look for other jobs', () => this.#cache.find(prefix));
    // The service matches keys loosely: without regard to case, and by prefixes.
    const digest = key?.startsWith(prefix) ? `sha256:${key.slice(prefix.length)}` : '';
    if (!isDigest(digest)) return;
    this.#missing.delete(index);
    await this.#patiently('read a record', () => this.#records.learn(digest));
  }

  /** `undefined` if it fails, or takes too long; nothing depends on it, so it is not asked again then. */
  async #patiently<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    const { clock, signal, log } = this.#member;
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    try {
      const late = clock.sleep(PATIENCE, both).then(() => Promise.reject(new Error('no answer in five seconds')));
      return await Promise.race([ask(), late]);
    } catch (error) {
      signal.throwIfAborted();
      this.#missing.clear();
      log.debug(`Cannot ${what} through ${this.label}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    } finally {
      over.abort();
    }
  }

  #prefixOf(index: number): string {
    const { repository, tag, run } = this.#member.meeting;
    const version = hexOf(digestOf(Buffer.from(`${repository}:${tag}`))).slice(0, 16);
    return [FORMAT, version, run, this.#place.job, index, ''].join(BETWEEN);
  }
}
