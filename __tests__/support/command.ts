import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { main } from '../../src/cli/main.js';
import type { Line, Verb } from '../../src/cli/verb.js';

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What happens to a process that the command runs in. */
export interface Circumstances {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string | Readable;
  /** What a write to a stream fails with, if it does. */
  readonly broken?: Readonly<Partial<Record<'stdout' | 'stderr', Error>>>;
}

/** Runs the command in a process that is the test's: its streams are kept, its environment is `env`. */
export async function run(argv: readonly string[], given: Circumstances = {}): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) =>
    new Writable({
      decodeStrings: false,
      autoDestroy: false,
      write: (text: string, _encoding, done) => {
        const error = given.broken?.[name];
        if (!error) written[name] += text;
        // As a pipe does: not before the writer has gone on.
        setImmediate(() => done(error));
      },
    });
  const { stdin = '' } = given;
  const process = Object.assign(new EventEmitter(), {
    argv: ['node', 'pyoci-publish', ...argv],
    env: {
      DOCKER_CONFIG: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      XDG_RUNTIME_DIR: '/nonexistent',
      ...given.env,
    },
    stdin: typeof stdin === 'string' ? Readable.from([stdin]) : stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  }) as unknown as NodeJS.Process;
  return { status: await main(process), ...written };
}

/** What a verb takes its arguments for. @throws Error where they ask for help or the version */
export function lineOf<L extends Line>(verb: Verb<L>, argv: readonly string[]): L {
  const request = verb.parse(argv);
  if (request.kind !== 'work') throw new Error(`it is ${request.kind}`);
  return request.line;
}
