/** Reads every tag of a repository, and all that its indexes name. Fails closed: what cannot be read may name anything. */
import type { DocumentReader } from '../../catalog/document-reader.js';
import { type Digest, isDigest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { annotationsOf, isObject, type JsonObject } from '../../oci/descriptor.js';
import type { Document } from '../../oci/document.js';
import { DOCKER_LIST, OCI_INDEX } from '../../oci/media-types.js';
import { isTag, type Tag } from '../../oci/reference.js';
import { isResolving, type Repository } from '../../oci/store.js';
import { ANNOTATION } from '../../pyoci/layout.js';
import { isVersionTag, versionOfTag } from '../../pyoci/names.js';
import { obstacleIn } from '../../pyoci/oddities.js';
import { isPackageIndex } from '../../pyoci/version-index.js';
import { parseVersion } from '../../python/version.js';
import type { HeldVersion, OtherTag } from '../plan.js';
import { isNote, notedIn } from './note.js';

/** What a repository holds under its tags. */
export interface Survey {
  /** `created` is what publishers wrote. */
  readonly versions: readonly HeldVersion[];
  readonly others: readonly OtherTag[];
  /** Indexes that a run which was stopped left. */
  readonly notes: readonly { readonly tag: string; readonly digest: Digest }[];
  /** What those runs were about to delete. */
  readonly noted: readonly Digest[];
  /** By the digest of each tagged document: all that it leads to. */
  readonly named: ReadonlyMap<Digest, readonly Digest[]>;
  readonly tags: ReadonlyMap<string, Digest>;
}

/** What is kept of a document: its digest fixes all of it. */
interface Facts {
  readonly kind: 'package' | 'note' | 'other';
  readonly why: string;
  readonly named: readonly Digest[];
  readonly noted: readonly Digest[];
  readonly created: number | undefined;
}

/** Publishers write at any time; more readings than this would not end where so many do. */
const MOST_READINGS = 5;
/** Indexes within indexes; PyOCI's layout has none. */
const DEEPEST = 4;

/** Surveys one repository, as often as needed, and reads no document twice. */
export class Surveyor {
  readonly #repository: Repository;
  readonly #image: string;
  readonly #reader: DocumentReader;
  readonly #facts = new Map<Digest, Facts>();

  /** @param image the repository as its user knows it */
  constructor(repository: Repository, image: string, reader: DocumentReader) {
    this.#repository = repository;
    this.#image = image;
    this.#reader = reader;
  }

  /** @throws UserError if something cannot be read, or the tags never stay the same for as long as it takes */
  async survey(): Promise<Survey> {
    let listed = await this.#tags();
    for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
      const held = await Promise.all(listed.map(async (tag) => [tag, await this.#digestOf(tag)] as const));
      const again = await this.#tags();
      const gone = held.find(([, digest]) => digest === undefined);
      if (!gone && again.join() === listed.join()) return this.#surveyOf(held);
      if (gone && reading === MOST_READINGS && again.includes(gone[0])) throw this.#unread(gone[0]);
      listed = again;
    }
    throw new UserError(`Cannot prune ${this.#image}: its tags change again and again while they are read`, {
      hint: 'run again when fewer versions are published; nothing was deleted in this step',
    });
  }

  async #tags(): Promise<readonly Tag[]> {
    const tags = await this.#repository.tags({ signal: this.#reader.signal });
    const illegal = tags.find((tag) => !isTag(tag));
    if (illegal !== undefined) throw this.#unread(illegal);
    return tags.filter(isTag).sort();
  }

  /** The digest of what a tag holds, whose facts are known then. */
  async #digestOf(tag: Tag): Promise<Digest | undefined> {
    const { signal } = this.#reader;
    const repository = this.#repository;
    if (this.#facts.size > 0 && isResolving(repository)) {
      const digest = await this.#reader.inTurn(() => repository.resolveTag(tag, { signal }));
      if (digest === undefined || this.#facts.has(digest)) return digest;
    }
    const document = await this.#reader.read(repository, tag);
    if (!document) return undefined;
    const { digest } = document.descriptor;
    if (!this.#facts.has(digest)) this.#facts.set(digest, await this.#factsOf(document, tag));
    return digest;
  }

  async #factsOf(document: Document, tag: Tag): Promise<Facts> {
    const named = await this.#namedBy(document, tag, 0);
    if (!isPackageIndex(document)) {
      const why = obstacleIn(document) ?? 'it holds no Python package';
      return { kind: 'other', why, named, noted: [], created: undefined };
    }
    return {
      kind: isNote(document) ? 'note' : 'package',
      why: 'it is no version',
      named,
      noted: notedIn(document) ?? [],
      created: newestIn(document.value),
    };
  }

  async #namedBy({ value, descriptor }: Document, tag: Tag, depth: number): Promise<readonly Digest[]> {
    const subject = isObject(value.subject) && isDigest(value.subject.digest) ? [value.subject.digest] : [];
    if (!isIndexType(descriptor.mediaType)) return subject;
    if (!Array.isArray(value.manifests) || depth > DEEPEST) throw this.#unread(tag);
    const entries = value.manifests.filter(isObject);
    const digests = entries.map(({ digest }) => digest).filter(isDigest);
    const nested = entries.filter(({ mediaType }) => isIndexType(mediaType)).map(({ digest }) => digest);
    const deeper = await Promise.all(
      nested.filter(isDigest).map(async (digest) => {
        const document = await this.#reader.read(this.#repository, digest);
        return document ? this.#namedBy(document, tag, depth + 1) : [];
      }),
    );
    return [...subject, ...digests, ...deeper.flat()];
  }

  #surveyOf(held: readonly (readonly [Tag, Digest | undefined])[]): Survey {
    const versions: HeldVersion[] = [];
    const others: OtherTag[] = [];
    const notes: { tag: string; digest: Digest }[] = [];
    const noted = new Set<Digest>();
    const named = new Map<Digest, readonly Digest[]>();
    const tags = new Map<string, Digest>();
    for (const [tag, digest] of held) {
      const facts = digest && this.#facts.get(digest);
      if (!facts) continue;
      tags.set(tag, digest);
      named.set(digest, facts.named);
      for (const one of facts.noted) noted.add(one);
      const version = parseVersion(versionOfTag(tag));
      if (facts.kind === 'note') notes.push({ tag, digest });
      else if (facts.kind === 'package' && isVersionTag(tag) && version) {
        versions.push({ tag, version, digest, created: facts.created });
      } else others.push({ tag, digest, why: facts.why });
    }
    return { versions, others, notes, noted: [...noted], named, tags };
  }

  #unread(tag: string): UserError {
    return new UserError(`Cannot prune ${this.#image}: the tag ${tag} is listed but cannot be read`, {
      hint: 'nothing is deleted as long as it may name what would go: delete this tag by hand, or publish it again',
    });
  }
}

function isIndexType(mediaType: unknown): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

/** The newest time that index and entries bear, in milliseconds since the epoch. */
function newestIn(index: JsonObject): number | undefined {
  const entries = Array.isArray(index.manifests) ? index.manifests.filter(isObject) : [];
  const times = [index, ...entries].flatMap((one) => {
    const text = annotationsOf(one)[ANNOTATION.created] ?? '';
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isFinite(time) ? [time] : [];
  });
  return times.length ? Math.max(...times) : undefined;
}
