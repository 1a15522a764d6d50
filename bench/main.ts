/**
 * How fast we are beside others, on the same files, against the same registry, in one run: `npm run bench`.
 * Needs docker-registry and GNU time; takes along whatever of curl, skopeo, crane, oras, regctl and uv is installed. A short look:
 * `npm run bench -- --short`; publishing or installing alone: `--half install`; another registry: `npm run bench -- --registry crane`; a wire in place of this machine's
 * memory, as root: `npm run bench -- --rate 1gbit`. The numbers of one run compare, those of two machines or hours do not.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, type Row } from './compare.js';
import { ours } from './contenders.js';
import { REGISTRIES, startFarSide } from './far-side.js';
import { type Finding, installing } from './installing/installing.js';
import { layLink } from './link.js';
import { memory, memoryText } from './memory.js';
import { profileOf } from './profile.js';
import { reading, readingText } from './reading.js';
import { startUp, startUpText } from './start-up.js';
import { comparison, table } from './tables.js';
import { buildReadings, buildWorkload, WORKLOADS } from './workloads.js';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    /** Workloads whose names hold this. */
    only: { type: 'string', default: '' },
    half: { type: 'string', default: 'both' },
    repetitions: { type: 'string' },
    concurrency: { type: 'string', default: '4' },
    delay: { type: 'string', default: '40' },
    /** Bits a second to and from the registry, as `tc` writes them: 1gbit. Without it the wire is the memory of this machine. */
    rate: { type: 'string' },
    registry: { type: 'string', default: 'distribution' },
    bundle: { type: 'string', default: 'dist/cli/index.js' },
    /** Another Node whose start is measured beside this one. */
    node: { type: 'string', multiple: true, default: [] },
    json: { type: 'string', default: 'bench.json' },
  },
});

const repetitions = Number(values.repetitions ?? (values.short ? 3 : 5));
const plan = {
  repetitions,
  concurrency: Number(values.concurrency),
  delays: [...new Set([0, Number(values.delay)])],
  rate: values.rate,
};
const bundle = resolve(values.bundle);
const chosen = (values.half === 'install' ? [] : WORKLOADS).filter(
  (name) => name.includes(values.only) && (!values.short || !name.includes('iB')),
);
const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-bench-'));
const kind = REGISTRIES.find((one) => one === values.registry);
if (!kind) throw new Error(`Cannot start ${values.registry}: it is none of ${REGISTRIES.join(', ')}`);
const link = values.rate === undefined ? undefined : await layLink(values.rate);
const far = await startFarSide(folder, kind, link).catch(async (error: unknown) => {
  await link?.remove();
  throw error;
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const close = async (): Promise<void> => {
  await far.stop();
  await link?.remove();
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void close().then(() => process.exit(1)));

try {
  const rows: Row[] = [];
  const profiles: Record<string, string> = {};
  for (const name of chosen) {
    const workload = buildWorkload(name, folder);
    for (const delay of plan.delays) {
      const found = await compare(workload, delay, far, { bundle, sink: far.sink }, plan, join(folder, 'rounds'));
      rows.push(...found);
      say(
        `\n${name}, ${delay} ms there and back${values.rate ? ` at ${values.rate}` : ''}, ${repetitions} repetitions\n${comparison(found)}`,
      );
    }
    if (name === '1 x 1 GiB' || name === '169 x 200 kB') {
      const round = {
        workload,
        registry: far.registry,
        namespace: 'bench/profile',
        concurrency: plan.concurrency,
        scratch: folder,
      };
      const text = await profileOf(ours(bundle, round), join(folder, `profile of ${name}`));
      profiles[name] = text;
      say(`\nWhere the time goes: ${name}\n${text}`);
      far.wipe();
    }
    rmSync(join(folder, name.replaceAll(' ', '-')), { recursive: true, force: true });
  }

  const served: Finding[] = [];
  if (values.half !== 'publish') {
    const plan = { short: values.short, repetitions, delay: Number(values.delay) };
    served.push(...(await installing(bundle, far, join(folder, 'installing'), plan)));
    say(`\nInstalling\n${table(served.map(({ work, found }) => [work, found]))}`);
  }
  const others = values.half === 'install' ? undefined : await besides();
  const found = { kind, plan, rows, profiles, served, ...others };
  writeFileSync(values.json, `${JSON.stringify(found, undefined, 2)}\n`);
  say(`\nAll samples: ${values.json}`);
} finally {
  await close();
}

/** What publishing takes apart from the transfer: reading, the start of the process, memory. */
async function besides() {
  const readings = await reading(buildReadings(join(folder, 'readings')), repetitions);
  say(`\nReading 200 wheels and 20 sdists: ${readingText(readings)}`);
  const pair = buildWorkload('pure pair', folder);
  const starts = [];
  for (const node of [process.execPath, ...values.node]) {
    const start = await startUp(node, bundle, pair.files[0]?.path ?? '', Math.max(repetitions, 9));
    starts.push(start);
    say(`From the start to the first request, without that of Node itself, on ${startUpText(start)}`);
  }
  const memories = values.short ? [] : await memory(bundle, far, join(folder, 'memory'));
  for (const one of memories) say(memoryText(one));
  return { readings, starts, memories };
}
