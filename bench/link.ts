import { run } from './measure.js';

/** A wire of its own between this machine and a namespace in which a registry runs. Needs root, and Debian's iproute2. */
export interface Link {
  /** Address of the far end. */
  readonly host: string;
  /** The same command at the far end. */
  readonly there: (command: string, args: readonly string[]) => readonly [string, readonly string[]];
  readonly remove: () => Promise<void>;
}

const HERE = '10.77.0.1';
const THERE = '10.77.0.2';

/** Two network namespaces, and so many bits a second each way between them. @param rate as `tc` writes it: `1gbit` */
export async function layLink(rate: string): Promise<Link> {
  const id = `pyoci-${process.pid}`;
  const [near, far] = [`py${process.pid}a`, `py${process.pid}b`];
  const ip = (...args: string[]) => run('ip', args);
  await ip('netns', 'add', id);
  try {
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    await ip('link', 'set', far, 'netns', id);
    await ip('addr', 'add', `${HERE}/24`, 'dev', near);
    await ip('link', 'set', near, 'up');
    await ip('-n', id, 'addr', 'add', `${THERE}/24`, 'dev', far);
    await ip('-n', id, 'link', 'set', far, 'up');
    await ip('-n', id, 'link', 'set', 'lo', 'up');
    const shape = (end: string) => [
      'qdisc',
      'add',
      'dev',
      end,
      'root',
      'tbf',
      'rate',
      rate,
      'burst',
      '256kb',
      'latency',
      '50ms',
    ];
    await run('tc', shape(near));
    await ip('netns', 'exec', id, 'tc', ...shape(far));
  } catch (error) {
    await ip('netns', 'delete', id);
    throw error;
  }
  return {
    host: THERE,
    there: (command, args) => ['ip', ['netns', 'exec', id, command, ...args]],
    // Its end of the wire goes with the namespace, and the other with that.
    remove: async () => void (await ip('netns', 'delete', id)),
  };
}
