/** Makes what all versions of a job share: hashing, lanes, warnings. */
import { Hasher } from '../core/hashing/hasher.js';
import { Lane } from '../core/lane.js';
import type { WriterPorts } from '../release/merge/writer.js';
import type { PushLanes } from '../release/push/push.js';
import type { Job, Ports } from './job.js';
import { Warnings } from './warnings.js';
import { WheelConfigs } from './wheel-configs.js';

/** What all versions of a job share while they are published: made once, handed on whole. */
export interface Workshop {
  readonly job: Job;
  /** Hashing runs ahead of the uploads, so that the wire does not wait for it. */
  readonly hashing: Hasher;
  readonly lanes: PushLanes;
  readonly warnings: Warnings;
  readonly configs: WheelConfigs;
  readonly ports: Ports;
  /** The same for writing and reading tags and journals, which take their turn among the small requests. */
  readonly writing: WriterPorts;
}

/** Small requests in flight; they cost a registry next to nothing. */
const ASKING = 16;

/** Files dealt with for each one that may be on the wire: more keep uploads open that wait long for their bytes. */
const AHEAD = 2;

/** Runs `work` in a workshop of its own; whatever is still being hashed ends with it. */
export async function inWorkshop<T>(job: Job, ports: Ports, work: (shop: Workshop) => Promise<T>): Promise<T> {
  const { shop, close } = openWorkshop(job, ports);
  try {
    return await work(shop);
  } finally {
    await close();
  }
}

/** A workshop that lasts until it is closed. */
export function openWorkshop(job: Job, ports: Ports): { readonly shop: Workshop; readonly close: () => Promise<void> } {
  const hashing = new Hasher(ports.signal);
  const lanes = {
    underway: new Lane(job.concurrency * AHEAD),
    sending: new Lane(job.concurrency),
    asking: new Lane(ASKING),
  };
  const writing: WriterPorts = { ...ports, inTurn: (ask) => lanes.asking.run(ask) };
  const configs = new WheelConfigs(job.context.annotations.defaults, ports.log);
  const shop = { job, hashing, lanes, warnings: new Warnings(ports.log), configs, ports, writing };
  return { shop, close: () => hashing.close() };
}
