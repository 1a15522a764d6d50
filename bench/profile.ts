import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure.js';
import { run } from './measure.js';
import { table } from './tables.js';

/** As V8 writes them. Times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 12;

/** Where the processor time of one run went: functions by their own time, of all threads together. */
export async function profileOf({ command, args, env }: Command, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await run(command, ['--cpu-prof', '--cpu-prof-dir', folder, ...args], env);
  const own = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const profile: CpuProfile = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    addTo(own, profile);
  }
  const total = [...own.values()].reduce((sum, time) => sum + time, 0);
  const top = [...own].toSorted(([, one], [, other]) => other - one).slice(0, SHOWN);
  const lines = top.map(([what, time]) => [
    `${((100 * time) / total).toFixed(1)}%`,
    `${(time / 1000).toFixed(0)} ms`,
    what,
  ]);
  return table([['share', 'own time', 'function'], ...lines]);
}

function addTo(own: Map<string, number>, { nodes, samples, timeDeltas }: CpuProfile): void {
  const names = new Map(
    nodes.map(({ id, callFrame }) => {
      const { functionName, url, lineNumber } = callFrame;
      const place = url === '' ? '' : ` ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
      return [id, `${functionName || '(anonymous)'}${place}`];
    }),
  );
  samples.forEach((id, at) => {
    const name = names.get(id) ?? '(unknown)';
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[at] ?? 0));
  });
}
