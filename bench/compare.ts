import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, contenders, ours, type Round, type Tools } from './contenders.js';
import type { FarSide } from './far-side.js';
import { type Cost, cost } from './measure.js';
import type { Workload } from './workloads.js';

export interface Plan {
  readonly repetitions: number;
  readonly concurrency: number;
  /** Milliseconds there and back. */
  readonly delays: readonly number[];
  /** Of the link to the registry, as `tc` writes it; `undefined` if there is none. */
  readonly rate: string | undefined;
}

/** What one contender took for one workload, one sample for each repetition. */
export interface Row {
  readonly workload: string;
  readonly delay: number;
  readonly state: 'all new' | 'all unchanged' | 'one new';
  readonly contender: string;
  readonly samples: readonly Sample[];
}

export interface Sample extends Cost {
  /** Of the same repetition: how often the floor's time it took. */
  readonly toCurl: number | undefined;
  readonly requests: Readonly<Record<string, number>>;
  /** Bytes towards the registry; only known behind the delay. */
  readonly sent: number | undefined;
}

type Measure = (contender: Contender, state: Row['state']) => Promise<Cost & Pick<Sample, 'requests' | 'sent'>>;

/** All contenders on one workload: one repetition of each after the other, so that a busy moment meets all alike. */
export async function compare(
  workload: Workload,
  delay: number,
  far: FarSide,
  tools: Tools,
  plan: Plan,
  scratch: string,
): Promise<readonly Row[]> {
  const distant = delay > 0 ? await far.distant(delay) : undefined;
  const registry = distant?.host ?? far.registry;
  const rows = new Map<string, Sample[]>();
  const able = await ableOf(contenders(tools), delay > 0 || plan.rate !== undefined);
  let count = 0;
  const measure: Measure = async (contender, state) => {
    count += 1;
    const notes = join(scratch, `round-${count}`);
    mkdirSync(notes, { recursive: true });
    const round: Round = {
      workload,
      registry,
      namespace: `bench/${workload.name.toLowerCase().replaceAll(' ', '-')}/${delay}/${count}`,
      concurrency: plan.concurrency,
      scratch: notes,
    };
    if (state !== 'all new') await published(round, state, far, tools);
    const commands = await contender.commands(round);
    far.requests();
    await distant?.sent();
    const taken = await cost(commands);
    const requests = far.requests();
    const sent = await distant?.sent();
    rmSync(notes, { recursive: true, force: true });
    far.wipe();
    return { ...taken, requests, sent };
  };
  try {
    for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
      await repeat(able, measure, rows, repetition, workload);
    }
  } finally {
    await distant?.stop();
  }
  return [...rows].map(([key, samples]) => {
    const [contender = '', state = ''] = key.split('|');
    return { workload: workload.name, delay, state: state as Row['state'], contender, samples };
  });
}

/** The order turns with every repetition, so that nobody always has the cold or the warm disk. */
async function repeat(
  able: readonly Contender[],
  measure: Measure,
  rows: Map<string, Sample[]>,
  repetition: number,
  workload: Workload,
): Promise<void> {
  const turn = repetition % able.length;
  const taken = new Map<string, Cost & Pick<Sample, 'requests' | 'sent'>>();
  for (const contender of [...able.slice(turn), ...able.slice(0, turn)]) {
    taken.set(`${contender.name}|all new`, await measure(contender, 'all new'));
    if (contender.name !== 'ours') continue;
    taken.set(`${contender.name}|all unchanged`, await measure(contender, 'all unchanged'));
    if (workload.files.length > 1) taken.set(`${contender.name}|one new`, await measure(contender, 'one new'));
  }
  const floor = taken.get('curl|all new')?.seconds;
  for (const [key, one] of taken) {
    const toCurl = floor === undefined || !key.endsWith('|all new') ? undefined : one.seconds / floor;
    rows.set(key, [...(rows.get(key) ?? []), { ...one, toCurl }]);
  }
}

/** What stands before a run that finds something: not measured, and past the delay. */
async function published(round: Round, state: Row['state'], far: FarSide, { bundle }: Tools): Promise<void> {
  const { workload } = round;
  const before = state === 'one new' ? { ...workload, files: workload.files.slice(1) } : workload;
  await cost([ours(bundle, { ...round, workload: before, registry: far.registry })]);
}

async function ableOf(all: readonly Contender[], distant: boolean): Promise<readonly Contender[]> {
  const able: Contender[] = [];
  for (const contender of all) {
    // The sink is here.
    if (distant && contender.name.includes('sink')) continue;
    try {
      await contender.prepare();
      able.push(contender);
    } catch {
      process.stderr.write(`${contender.name}: not installed, left out\n`);
    }
  }
  return able;
}
