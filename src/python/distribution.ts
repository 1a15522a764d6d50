import { posix, sep } from 'node:path';
import type { ByteSource } from '../core/bytes.js';
import { type FileProblem, UserError } from '../core/errors.js';
import { checkDistInfo, checkNamed, checkSpelling, checkWheelName, resolveSdistName } from './agreement.js';
import { readSdist, readWheel } from './archive.js';
import { type FileName, parseFileName, type SdistName, type WheelName } from './filename.js';
import { type CoreMetadata, type Identified, type MetadataReading, readMetadata } from './metadata/metadata.js';
import { type OnProblem, type Problem, refusal } from './problem.js';
import type { Version } from './version.js';

/** A built distribution that passed every check of its file name, its framing and its metadata. */
export interface Distribution {
  readonly kind: 'wheel' | 'sdist';
  /** As the user knows it. */
  readonly path: string;
  /** Base name. */
  readonly filename: string;
  readonly bytes: ByteSource;
  /** `Name` of the metadata in normal form (PEP 503): `zope-interface`. */
  readonly project: string;
  /** As spelled in the file name; its text, `+` turned to `-`, is the tag. */
  readonly version: Version;
  /**
   * What identifies the file inside its version: `.tar.gz` for an sdist; for a wheel all that follows `name-version-`,
   * build tag and `.whl` included, byte for byte.
   */
  readonly architecture: string;
  readonly metadata: CoreMetadata;
  /** METADATA of a wheel, byte for byte; `undefined` for an sdist, of which installers make metadata of their own. */
  readonly coreMetadata: Uint8Array | undefined;
}

/** What reading one file gave. `distribution` is there exactly if no problem is an error. */
export interface Reading {
  readonly distribution: Distribution | undefined;
  readonly problems: readonly FileProblem[];
}

/**
 * Reads what a file says about itself and whether all of that agrees. What is wrong with the file is in the problems.
 * Leaves `bytes` closed.
 *
 * @param path as the user knows it; its last part is the file's name
 * @throws what reading bytes throws, if that is no `UserError`
 */
export async function readDistribution(path: string, bytes: ByteSource): Promise<Reading> {
  const findings: Problem[] = [];
  const filename = posix.basename(path.split(sep).join('/'));
  try {
    const facts = await readFacts(parseFileName(filename), bytes, (found) => findings.push(found));
    const failed = findings.some(({ severity }) => severity === 'error');
    return {
      distribution: facts && !failed ? { path, filename, bytes, ...facts } : undefined,
      problems: findings.map((found) => ({ ...found, file: path })),
    };
  } finally {
    await bytes.close();
  }
}

type Facts = Omit<Distribution, 'path' | 'filename' | 'bytes'>;

async function readFacts(name: FileName, bytes: ByteSource, report: OnProblem): Promise<Facts | undefined> {
  switch (name.kind) {
    case 'wheel':
      return readWheelFacts(name, bytes, report);
    case 'sdist':
      return readSdistFacts(name, bytes, report);
    case 'malformed':
      report(name.finding);
      return undefined;
    case 'other':
      report(refusal('it is no distribution, expected a .whl or .tar.gz file', 'leave it out'));
      return undefined;
  }
}

async function readWheelFacts(name: WheelName, bytes: ByteSource, report: OnProblem): Promise<Facts | undefined> {
  const contents = await opened(() => readWheel(bytes, name.architecture), report);
  const identified = contents && accepted(readMetadata(contents.metadata, 'METADATA'), report);
  if (!identified) return undefined;
  const { metadata, project } = identified;
  checkNamed(identified, report);
  checkWheelName(name, identified, report);
  checkDistInfo(contents.distInfo, identified, report);
  checkSpelling(name.name, project, report);
  const { version, architecture } = name;
  return { kind: 'wheel', project, version, architecture, metadata, coreMetadata: contents.metadata };
}

async function readSdistFacts(name: SdistName, bytes: ByteSource, report: OnProblem): Promise<Facts | undefined> {
  const contents = await opened(() => readSdist(bytes), report);
  const identified = contents && accepted(readMetadata(contents.pkgInfo, 'PKG-INFO'), report);
  const split = identified && resolveSdistName(name, identified, report);
  if (!split) return undefined;
  const { metadata, project } = identified;
  checkNamed(identified, report);
  checkSpelling(split.name, project, report);
  const { version } = split;
  return { kind: 'sdist', project, version, architecture: '.tar.gz', metadata, coreMetadata: undefined };
}

/** What an archive holds; `undefined`, and a report, if it is to be refused. */
async function opened<T extends { readonly findings: readonly Problem[] }>(
  read: () => Promise<T>,
  report: OnProblem,
): Promise<T | undefined> {
  try {
    const contents = await read();
    contents.findings.forEach(report);
    return contents;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    report({ severity: 'error', message: error.message, hint: error.hint });
    return undefined;
  }
}

function accepted({ identified, findings }: MetadataReading, report: OnProblem): Identified | undefined {
  findings.forEach(report);
  return identified;
}
