import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.js';

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a process that is the test's: its streams are kept, its environment is `env`. */
export async function run(
  argv: readonly string[],
  given: { env?: NodeJS.ProcessEnv; stdin?: string } = {},
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const process = Object.assign(new EventEmitter(), {
    argv: ['node', 'pyoci-publish', ...argv],
    env: {
      DOCKER_CONFIG: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      XDG_RUNTIME_DIR: '/nonexistent',
      ...given.env,
    },
    stdin: Readable.from([given.stdin ?? '']),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  }) as unknown as NodeJS.Process;
  return { status: await main(process), ...written };
}
