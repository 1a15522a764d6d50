/** Which files of a version are downloaded, and under which names. Pure. */
import { hexOf } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { groupedBy } from '../../core/grouped.js';
import type { Descriptor } from '../../oci/descriptor.js';
import { normalName } from '../../python/name.js';
import type { StoredFile } from '../contents.js';
import { isDistributionName, projectIn, projectsIn } from '../served-name.js';
import type { StoredIndex } from '../version.js';

/** A file to be had. */
export interface WantedFile {
  /** A legal name of a distribution, or of an attachment; without folders. */
  readonly filename: string;
  /** If given, the metadata in the file decides between these names and `filename`, which counts if none agrees. */
  readonly alternatives?: readonly string[];
  /** No name counts unless the metadata agrees. */
  readonly mustAgree?: boolean;
  /** Its digest is the file's own; size in bytes. */
  readonly layer: Descriptor;
}

export interface DownloadPlan {
  readonly files: readonly WantedFile[];
  /** Names, as PyOCI would serve them, of what is no distribution; installers pass over them too. */
  readonly passedOver: readonly string[];
}

/**
 * Which files of a version are to be downloaded, and under which names. Nothing in the documents is trusted: a name is
 * one that a distribution can have, and the digests of index and manifest must agree.
 * @param image for errors: `ghcr.io/owner/name:tag`
 * @throws UserError naming every file that cannot be had
 */
export function planDownload(version: StoredIndex<StoredFile>, image: string): DownloadPlan {
  const files: WantedFile[] = [];
  const passedOver: string[] = [];
  const problems: string[] = [];
  for (const file of version.files) {
    const [filename, ...alternatives] = namesOf(file, version);
    const problem = filename === undefined ? undefined : problemOf(file);
    if (filename === undefined) passedOver.push(file.served);
    else if (problem !== undefined) problems.push(`${filename}: ${problem}`);
    else if (file.content) {
      const mustAgree = version.kind === 'unseen';
      const unsure = mustAgree || alternatives.length > 0 ? { alternatives, mustAgree } : {};
      files.push({ filename, layer: file.content.layer, ...unsure });
    }
  }
  // Folders on some systems take two names for one that differ in case only.
  for (const [first, ...others] of groupedBy(files, ({ filename }) => filename.toLowerCase()).values()) {
    for (const { filename } of others) problems.push(`${filename}: ${first.filename} has the same name`);
  }
  if (problems.length) {
    throw new UserError(`Cannot pull ${image}: ${problems.join('; ')}; nothing was written`, {
      hint: 'publish these files again, which brings back what is missing; whoever else wrote into this repository may have broken it',
    });
  }
  if (!files.length) throw nothingIn(version, image);
  return { files, passedOver };
}

function nothingIn({ kind, tag, files }: StoredIndex, image: string): UserError {
  const unnamed = kind === 'unseen' && files.length > 0;
  return new UserError(
    `Cannot pull ${image}: ${unnamed ? `"${tag}" is no version, and its files do not tell theirs` : 'it holds no wheel and no sdist'}`,
    { hint: 'name another version; `pyoci-publish show` lists what there is' },
  );
}

function problemOf({ content, declared }: StoredFile): string | undefined {
  if (!content) return 'its manifest is gone, or stands for no file';
  const found = hexOf(content.layer.digest);
  if (declared === undefined || declared === found) return undefined;
  return `the index says that its sha256 is ${declared}, the manifest points at ${found}`;
}

/**
 * The names a file may have; none if it is no distribution. One that it was published under counts if it says the same
 * as PyOCI's. Without such a one, where PyOCI may have cut the name in two, there are several.
 */
function namesOf(file: StoredFile, version: StoredIndex<StoredFile>): readonly string[] {
  return version.kind === 'unseen' ? unseenNames(file, version.repository) : servedNames(file, version);
}

function servedNames(file: StoredFile, { version }: StoredIndex): readonly string[] {
  const { served, content, architecture, trueNames } = file;
  const project = projectIn(served, version, architecture);
  if (project === undefined) return [];
  const title = content?.title;
  if (title !== undefined && projectIn(title, version, architecture) === project) return [title];
  const others = trueNames.filter((name) => normalName(name.project) === project).map(({ filename }) => filename);
  return [served, ...others.filter(isDistributionName)];
}

/** PyOCI's own name for it holds no version. */
function unseenNames({ content, trueNames }: StoredFile, repository: string): readonly string[] {
  const projects = [repository, ...trueNames.map(({ project }) => project)].map(normalName);
  const title = content?.title;
  const own = title !== undefined && projectsIn(title).some((name) => projects.includes(name)) ? [title] : [];
  return [...new Set([...own, ...trueNames.map(({ filename }) => filename).filter(isDistributionName)])];
}
