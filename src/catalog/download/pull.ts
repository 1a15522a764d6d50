/** Downloads planned files into a folder, every byte verified. */
import type { Readable } from 'node:stream';
import { type Digest, hexOf, VerificationError } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { Lane } from '../../core/lane.js';
import type { Clock, Log } from '../../core/ports.js';
import type { Repository } from '../../oci/store.js';
import type { WantedFile } from './download-plan.js';
import { chooseName } from './name-choice.js';

/** The folder that files go to. */
export interface Downloads {
  /** As the user knows it. */
  readonly path: string;
  /** What is there under this name, compared with what is wanted. @throws UserError if it is no file */
  compare(filename: string, wanted: { readonly digest: Digest; readonly size: number }): Promise<Comparison>;
  /**
   * Writes under another name and renames, so that nobody sees half a file. A failed stream leaves nothing behind.
   * @param named tells the name, once the file is complete, from its path until then
   * @returns the name
   */
  write(filename: string, bytes: Readable, named?: (path: string) => Promise<string>): Promise<string>;
}

export type Comparison = 'absent' | 'same' | 'other';

export interface PullOptions {
  /** Replace files of other bytes. */
  readonly force: boolean;
  /** Downloads in flight. */
  readonly concurrency: number;
}

export interface PullPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly progress: DownloadProgress;
}

export interface DownloadProgress {
  start(files: number, bytes: number): void;
  sent(file: string, bytes: number): void;
  done(file: string, bytes: number): void;
  end(): void;
}

export interface PulledFile {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** 64 hex characters. */
  readonly sha256: string;
  readonly status: 'downloaded' | 'unchanged' | 'replaced';
}

export interface FailedFile {
  readonly file: string;
  readonly error: unknown;
}

export interface Pulled {
  /** In the order of the plan. */
  readonly files: readonly PulledFile[];
  readonly failed: readonly FailedFile[];
}

/** How often a download is begun that broke off. */
const ATTEMPTS = 3;
/** Milliseconds before the second try; twice as many before the third. */
const PAUSE = 1_000;

/**
 * Downloads files, every byte verified before a file gets its name. Equal files stay as they are. One file that fails
 * does not keep the others from arriving.
 * @throws UserError naming every file that has other bytes in the folder, before anything is written
 */
export async function pull(
  repository: Repository,
  wanted: readonly WantedFile[],
  folder: Downloads,
  { force, concurrency }: PullOptions,
  ports: PullPorts,
): Promise<Pulled> {
  const targets: Target[] = [];
  for (const file of wanted) {
    ports.signal.throwIfAborted();
    targets.push({ file, standing: await standingOf(file, folder) });
  }
  const differing = targets.filter(({ file, standing }) => standing.get(file.filename) === 'other');
  if (differing.length && !force) {
    throw taken(
      folder,
      differing.map(({ file }) => file.filename),
    );
  }
  const missing = targets.filter(({ standing }) => ![...standing.values()].includes('same'));
  ports.progress.start(
    missing.length,
    missing.reduce((sum, { file }) => sum + file.layer.size, 0),
  );
  const lane = new Lane(concurrency);
  const results = await Promise.all(
    targets.map(async (target): Promise<PulledFile | FailedFile> => {
      const kept = [...target.standing].find(([, comparison]) => comparison === 'same');
      if (kept) return pulledFile(target, kept[0]);
      try {
        return pulledFile(target, await lane.run(() => download(repository, target, folder, force, ports)));
      } catch (error) {
        return { file: target.file.filename, error };
      }
    }),
  );
  ports.progress.end();
  ports.signal.throwIfAborted();
  return {
    files: results.filter((result) => 'status' in result),
    failed: results.filter((result) => 'error' in result),
  };
}

/** A file and what is in the folder under each name that it may get. */
interface Target {
  readonly file: WantedFile;
  readonly standing: ReadonlyMap<string, Comparison>;
}

async function standingOf({ filename, alternatives = [], layer }: WantedFile, folder: Downloads) {
  const standing = new Map<string, Comparison>();
  for (const name of [filename, ...alternatives]) standing.set(name, await folder.compare(name, layer));
  return standing;
}

function taken(folder: Downloads, names: readonly string[]): UserError {
  return new UserError(`Cannot pull to ${folder.path}: other bytes are there under ${names.join(', ')}`, {
    hint: 'give another folder with -d, or replace these files with --force',
  });
}

function pulledFile({ file: { layer }, standing }: Target, name: string): PulledFile {
  const stood = standing.get(name);
  const status = stood === 'same' ? 'unchanged' : stood === 'other' ? 'replaced' : 'downloaded';
  return { file: name, size: layer.size, sha256: hexOf(layer.digest), status };
}

/**
 * A connection that broke off is tried again; wrong bytes are not, and neither is what the folder refuses.
 * @returns the name it got
 */
async function download(
  repository: Repository,
  { file, standing }: Target,
  folder: Downloads,
  force: boolean,
  { clock, log, signal, progress }: PullPorts,
): Promise<string> {
  const { filename, layer } = file;
  const named = async (path: string): Promise<string> => {
    const name = await chooseName(path, file);
    if (standing.get(name) === 'other' && !force) throw taken(folder, [name]);
    return name;
  };
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const onProgress = (bytes: number): void => progress.sent(filename, bytes);
      const bytes = await repository.openBlob(layer, { signal, onProgress });
      const name = await folder.write(filename, bytes, file.alternatives && named);
      progress.done(filename, layer.size);
      return name;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof VerificationError) {
        throw new UserError(`Cannot download ${filename}: what came is not what was published`, {
          cause,
          hint: 'run again; if it stays so, the registry, or something on the way to it, gives other bytes than it was given: ask whoever runs it, and do not install this file from there',
        });
      }
      if (cause instanceof UserError) throw cause;
      if (attempt === ATTEMPTS) {
        throw new UserError(`Cannot download ${filename}: the connection broke off, ${ATTEMPTS} times`, {
          cause,
          hint: 'run again: files that are complete are kept',
        });
      }
      log.info(`${filename}: the connection broke off, downloading it again`);
      await clock.sleep(PAUSE * attempt, signal);
    }
  }
}
