import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkFiles } from '../../src/check/check.js';
import type { VersionGroup } from '../../src/check/version-group.js';
import { type FileProblem, FilesError } from '../../src/core/errors.js';
import { repositoryOf, tagOf } from '../../src/pyoci/names.js';
import { anSdist, aWheel, type SdistOptions, sdistName, type WheelOptions, wheelName } from './builders.js';

/** A file of a test: its name, folders allowed, and its bytes. */
export type NamedFile = readonly [name: string, bytes: Buffer];

/** What the check of a run came to. */
export interface Verdict {
  /** Accepted, accepted with a warning, refused. */
  readonly verdict: 'OK' | 'W' | 'NO';
  /** Every message and hint, one a line. */
  readonly said: string;
  readonly problems: readonly FileProblem[];
  readonly versions: readonly VersionGroup[];
}

export function wheel(options: WheelOptions = {}): NamedFile {
  return [wheelName(options), aWheel(options)];
}

export function sdist(options: SdistOptions = {}): NamedFile {
  return [sdistName(options), anSdist(options)];
}

/** Checks files as a run does, from a folder of their own; it is gone before the verdict is there. */
export async function judge(...files: readonly NamedFile[]): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-'));
  try {
    const paths = files.map(([name]) => join(folder, name));
    for (const [at, [, bytes]] of files.entries()) {
      const path = paths[at] ?? folder;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    const { versions, warnings } = await checkFiles(paths, new AbortController().signal);
    return { verdict: warnings.length ? 'W' : 'OK', said: toldBy(warnings), problems: warnings, versions };
  } catch (error) {
    if (!(error instanceof FilesError)) throw error;
    return { verdict: 'NO', said: toldBy(error.problems), problems: error.problems, versions: [] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The verdict of each file alone, by a name for the variant. */
export async function judgeEach(files: Readonly<Record<string, NamedFile>>): Promise<Record<string, string>> {
  const verdicts: [string, string][] = [];
  for (const [variant, file] of Object.entries(files)) verdicts.push([variant, (await judge(file)).verdict]);
  return Object.fromEntries(verdicts);
}

/** Where the only file of a verdict would go. */
export function placeOf({ versions }: Verdict): { repository: string; tag: string; architecture: string } {
  const [group] = versions;
  const [file] = group?.files ?? [];
  if (!group || !file) throw new Error('nothing was accepted');
  return { repository: repositoryOf(group.project), tag: tagOf(group.version), architecture: file.architecture };
}

function toldBy(problems: readonly FileProblem[]): string {
  return problems.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`)).join('\n');
}
