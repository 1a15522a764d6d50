/** Publishes files that come one by one, at any time: each is stored at once, and those of a moment share one write. */

import type { VersionGroup } from '../../check/version-group.js';
import { digestFromHex } from '../../core/digest.js';
import type { UserError } from '../../core/errors.js';
import { indexAnnotations } from '../../pyoci/annotations.js';
import type { DocumentContext } from '../../pyoci/context.js';
import type { Job, Ports } from '../job.js';
import { surveyVersion } from '../plan/survey.js';
import { TagLists } from '../plan/tag-lists.js';
import { type Publication, publicationsOf } from '../publication.js';
import { storeAttachments, storeFiles } from '../store-content.js';
import { openWorkshop, type Workshop } from '../workshop.js';
import { VersionLine } from './version-line.js';

export interface IncomingFile {
  /** The version with this one file, and what is attached to it. */
  readonly version: VersionGroup;
  /** Of the file, 64 hex characters. */
  readonly sha256: string;
  /** What stands before the name of its repository. */
  readonly namespace: string;
  readonly context: DocumentContext;
}

export interface Arrived {
  readonly image: string;
  readonly status: 'published' | 'unchanged';
}

/** A version lost files to another publisher, and they could not be put back. */
export type OnLoss = (loss: UserError) => void;

export class Incoming {
  readonly #shop: Workshop;
  readonly #close: () => Promise<void>;
  readonly #lists: TagLists;
  readonly #lines = new Map<string, VersionLine>();
  readonly #onLoss: OnLoss;

  /** @param job without versions; it says where they go */
  constructor(job: Omit<Job, 'versions' | 'context' | 'namespace' | 'dryRun'>, ports: Ports, onLoss: OnLoss) {
    const context: DocumentContext = {
      created: '',
      annotations: { manifest: {}, index: {}, defaults: true },
      run: undefined,
    };
    const { shop, close } = openWorkshop({ ...job, versions: [], namespace: '', context, dryRun: false }, ports);
    this.#shop = shop;
    this.#close = close;
    this.#onLoss = onLoss;
    this.#lists = new TagLists(ports, shop.lanes.asking, job.commandPrefix ?? '');
  }

  /**
   * Stores a file with what is attached to it, and lists both. Resolves when it was seen to be listed; that it stays is looked after behind.
   * @throws UserError if the version holds other bytes under this name, or the file cannot be stored or listed
   */
  async publish({ version, sha256, namespace, context }: IncomingFile): Promise<Arrived> {
    const shop = { ...this.#shop, job: { ...this.#shop.job, namespace, context, versions: [version] } };
    const [publication] = publicationsOf(shop.job) as readonly [Publication];
    const { image } = publication;
    for (const { bytes } of version.files) shop.hashing.know(bytes, digestFromHex(sha256));
    const [survey] = await Promise.all([
      surveyVersion(publication, shop),
      this.#lists.study(publication, shop.warnings),
    ]);
    const files = await storeFiles(publication, survey.pushes, shop);
    const attached = await storeAttachments(publication, survey, files, shop);
    if (!files.length && !attached.length) return { image, status: 'unchanged' };
    const annotations = indexAnnotations(version.files, context);
    await this.#lineOf(publication, shop).list({ stored: [...files, ...attached], annotations });
    return { image, status: 'published' };
  }

  /** Waits until every version has held still. */
  async settled(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.settled()));
  }

  /** Stops what is under way. */
  close(): Promise<void> {
    return this.#close();
  }

  #lineOf(publication: Publication, shop: Workshop): VersionLine {
    const { image } = publication;
    const known = this.#lines.get(image);
    if (known) return known;
    const line = new VersionLine(publication, shop, {
      idle: () => this.#lines.delete(image),
      lost: (error) => {
        this.#onLoss(error);
      },
    });
    this.#lines.set(image, line);
    return line;
  }
}
