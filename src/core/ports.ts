/** What the outside must provide. The middle of the program reaches for nothing else: no `process`, no global clock. */

/**
 * Where text for people goes. Every method takes untrusted text: the implementation passes it through `printable`
 * before it reaches a terminal or a runner.
 */
export interface Log {
  /** Shown only when the user asked for detail (RUNNER_DEBUG). */
  debug(message: string): void;
  info(message: string): void;
  /** Worth seeing outside the log, but nothing is wrong. */
  notice(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  /** Runs `work` with its lines folded under `title` where the place can fold. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** Time as milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `milliseconds`, or rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1), as `Math.random` gives it. */
export type Random = () => number;

/** Told of bytes on the wire, in either direction. A face shows a line now and then, or a live line on a terminal. */
export interface TransferProgress {
  /** Once, before the first transfer. */
  start(files: number, bytes: number): void;
  /** As many more, where it shows only on the way what there is. */
  more(files: number, bytes: number): void;
  /** `sent` bytes of `file` have gone in this attempt. */
  sent(file: string, sent: number): void;
  /** The file is there; `size` counts as done even where fewer bytes had to go. */
  done(file: string, size: number): void;
  end(): void;
}

/** Learns of every secret the moment it exists, so that no later line can show it. */
export interface Masker {
  mask(secret: string): void;
}

/** Environment variables by name; `undefined` where one is not set. */
export type Env = Readonly<Record<string, string | undefined>>;
