import type { Readable } from 'node:stream';
import { type Digest, hexOf, VerificationError } from '../core/digest.js';
import { PublishError } from '../core/errors.js';
import { Lane } from '../core/lane.js';
import type { Clock, Log } from '../core/ports.js';
import type { Repository } from '../oci/store.js';
import type { WantedFile } from './download-plan.js';

/** The folder that files go to. */
export interface Downloads {
  /** As the user knows it. */
  readonly path: string;
  /** What is there under this name, compared with what is wanted. @throws PublishError if it is no file */
  compare(filename: string, wanted: { readonly digest: Digest; readonly size: number }): Promise<Comparison>;
  /** Writes beside the place and renames, so that nobody sees half a file. A failed stream leaves nothing behind. */
  write(filename: string, bytes: Readable): Promise<void>;
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
 * @throws PublishError naming every file that has other bytes in the folder, before anything is written
 */
export async function pull(
  repository: Repository,
  wanted: readonly WantedFile[],
  folder: Downloads,
  { force, concurrency }: PullOptions,
  ports: PullPorts,
): Promise<Pulled> {
  const standing = new Map<WantedFile, Comparison>();
  for (const file of wanted) {
    ports.signal.throwIfAborted();
    standing.set(file, await folder.compare(file.filename, file.layer));
  }
  const differing = wanted.filter((file) => standing.get(file) === 'other').map(({ filename }) => filename);
  if (differing.length && !force) {
    throw new PublishError(`Cannot pull to ${folder.path}: other bytes are there under ${differing.join(', ')}`, {
      hint: 'give another folder with -d, or replace these files with --force',
    });
  }
  const missing = wanted.filter((file) => standing.get(file) !== 'same');
  ports.progress.start(
    missing.length,
    missing.reduce((sum, { layer }) => sum + layer.size, 0),
  );
  const lane = new Lane(concurrency);
  const work = missing.map((file) => lane.run(() => download(repository, file, folder, ports)));
  const results = await Promise.allSettled(work);
  ports.progress.end();
  ports.signal.throwIfAborted();
  const failed = results.flatMap((result, at): readonly FailedFile[] =>
    result.status === 'rejected' ? [{ file: missing[at]?.filename ?? '', error: result.reason }] : [],
  );
  const done = wanted.filter(({ filename }) => !failed.some(({ file }) => file === filename));
  return { files: done.map((file) => pulledFile(file, standing.get(file))), failed };
}

function pulledFile({ filename, layer }: WantedFile, stood: Comparison | undefined): PulledFile {
  const status = stood === 'same' ? 'unchanged' : stood === 'other' ? 'replaced' : 'downloaded';
  return { file: filename, size: layer.size, sha256: hexOf(layer.digest), status };
}

/** A connection that broke off is tried again; wrong bytes are not, and neither is what the folder refuses. */
async function download(
  repository: Repository,
  { filename, layer }: WantedFile,
  folder: Downloads,
  { clock, log, signal, progress }: PullPorts,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const onProgress = (bytes: number): void => progress.sent(filename, bytes);
      await folder.write(filename, await repository.openBlob(layer, { signal, onProgress }));
      progress.done(filename, layer.size);
      return;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof VerificationError) {
        throw new PublishError(`Cannot download ${filename}: what came is not what was published`, {
          cause,
          hint: 'run again; if it stays so, the registry, or something on the way to it, gives other bytes than it was given: ask whoever runs it, and do not install this file from there',
        });
      }
      if (cause instanceof PublishError) throw cause;
      if (attempt === ATTEMPTS) {
        throw new PublishError(`Cannot download ${filename}: the connection broke off, ${ATTEMPTS} times`, {
          cause,
          hint: 'run again: files that are complete are kept',
        });
      }
      log.info(`${filename}: the connection broke off, downloading it again`);
      await clock.sleep(PAUSE * attempt, signal);
    }
  }
}
