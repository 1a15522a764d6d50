/** What the manifests of attachments tell beyond the index, and the names they go by. */
import type { Repository } from '../oci/store.js';
import { contentOf } from './contents.js';
import type { DocumentReader } from './document-reader.js';
import type { StoredPackage } from './package.js';
import { isDistributionName } from './served-name.js';
import type { IndexedAttachment, IndexedFile, StoredIndex } from './version.js';

/**
 * The index with the contents of its attachments: one request for each.
 * @throws UserError if a manifest is refused, or all that was read comes to too many bytes
 */
export async function readAttachments<File extends IndexedFile>(
  repository: Repository,
  index: StoredIndex<File>,
  reader: DocumentReader,
): Promise<StoredIndex<File>> {
  const attachments = index.attachments.map(async (attachment): Promise<IndexedAttachment> => {
    const manifest = await reader.readIfReadable(repository, attachment.manifest.digest);
    return { ...attachment, content: manifest && contentOf(manifest) };
  });
  return { ...index, attachments: await Promise.all(attachments) };
}

/** The same for all indexes of a package. */
export async function readAllAttachments<File extends IndexedFile>(
  repository: Repository,
  { versions, unseen, foreign }: StoredPackage<File>,
  reader: DocumentReader,
): Promise<StoredPackage<File>> {
  const read = (indexes: readonly StoredIndex<File>[]) =>
    Promise.all(indexes.map((index) => readAttachments(repository, index, reader)));
  const [ofVersions, ofUnseen] = await Promise.all([read(versions), read(unseen)]);
  return { versions: ofVersions, unseen: ofUnseen, foreign };
}

/** Attachments with their names, for a folder that installers may look into. */
export interface NamedAttachment {
  /** `undefined` if no name of it can be trusted. */
  readonly name: string | undefined;
  readonly attachment: IndexedAttachment;
}

/**
 * Each by the name it was given, if that is a name like others and no other has it; else by the one that follows from
 * its place in the version.
 */
export function namesOf(attachments: readonly IndexedAttachment[]): readonly NamedAttachment[] {
  const taken = new Map<string, number>();
  const count = (name: string | undefined): void => {
    if (name !== undefined) taken.set(name.toLowerCase(), (taken.get(name.toLowerCase()) ?? 0) + 1);
  };
  for (const { content, served } of attachments) {
    const names = new Set([content?.title?.toLowerCase(), served.toLowerCase()]);
    for (const name of names) count(name);
  }
  return attachments.map((attachment) => {
    const { content, served } = attachment;
    const candidates = [content?.title, served].filter((name) => name !== undefined && isPlainName(name));
    return { attachment, name: candidates.find((name) => taken.get(name?.toLowerCase() ?? '') === 1) };
  });
}

/** Whether a name stays in its folder, on any system, and is not one that installers take for a package. */
function isPlainName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > 200 || isDistributionName(name)) return false;
  return !/^[.\s]|[.\s]$|[/\\<>:"|?*\p{C}]/u.test(name);
}
