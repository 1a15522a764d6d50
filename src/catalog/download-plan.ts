import { hexOf } from '../core/digest.js';
import { PublishError } from '../core/errors.js';
import { groupedBy } from '../core/grouped.js';
import type { Descriptor } from '../oci/descriptor.js';
import { parseFileName } from '../python/filename.js';
import { normalName } from '../python/name.js';
import { parseVersion } from '../python/version.js';
import type { StoredFile } from './stored-file.js';
import type { StoredVersion } from './stored-version.js';

/** A file to be had. */
export interface WantedFile {
  /** A legal name of a distribution, so without folders. */
  readonly filename: string;
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
 * @throws PublishError naming every file that cannot be had
 */
export function planDownload(version: StoredVersion, image: string): DownloadPlan {
  const files: WantedFile[] = [];
  const passedOver: string[] = [];
  const problems: string[] = [];
  for (const file of version.files) {
    const filename = filenameOf(file, version);
    const problem = filename === undefined ? undefined : problemOf(file);
    if (filename === undefined) passedOver.push(file.served);
    else if (problem !== undefined) problems.push(`${filename}: ${problem}`);
    else if (file.content) files.push({ filename, layer: file.content.layer });
  }
  // Folders on some systems take two names for one that differ in case only.
  for (const [first, ...others] of groupedBy(files, ({ filename }) => filename.toLowerCase()).values()) {
    for (const { filename } of others) problems.push(`${filename}: ${first.filename} has the same name`);
  }
  if (problems.length) {
    throw new PublishError(`Cannot pull ${image}: ${problems.join('; ')}; nothing was written`, {
      hint: 'publish these files again, which brings back what is missing; whoever else wrote into this repository may have broken it',
    });
  }
  if (!files.length) {
    throw new PublishError(`Cannot pull ${image}: it holds no wheel and no sdist`, {
      hint: 'name another version; `pyoci-publish show` lists what there is',
    });
  }
  return { files, passedOver };
}

function problemOf({ content, declared }: StoredFile): string | undefined {
  if (!content) return 'its manifest is gone, or stands for no file';
  const found = hexOf(content.layer.digest);
  if (declared === undefined || declared === found) return undefined;
  return `the index says that its sha256 is ${declared}, the manifest points at ${found}`;
}

/** The name it was published under if that says the same as PyOCI's; `undefined` if neither is a distribution's. */
function filenameOf({ served, content, architecture }: StoredFile, version: StoredVersion): string | undefined {
  const project = projectIn(served, version.version, architecture);
  if (project === undefined) return undefined;
  const title = content?.title;
  return title !== undefined && projectIn(title, version.version, architecture) === project ? title : served;
}

/** The normal name of the project, if this is a name of its file of that version and architecture. */
function projectIn(filename: string, version: string, architecture: string): string | undefined {
  const parsed = parseFileName(filename);
  const key = parseVersion(version)?.key;
  if (parsed.kind === 'wheel') {
    const agrees = parsed.version.key === key && parsed.architecture === architecture;
    return agrees ? normalName(parsed.name) : undefined;
  }
  if (parsed.kind !== 'sdist' || architecture !== '.tar.gz') return undefined;
  const split = parsed.splits.find((each) => each.version.key === key);
  return split && normalName(split.name);
}
