/** The package index: files, pages, what a resolution moves, and how it stands beside servers that have the files on disk. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FarSide } from '../far-side.js';
import { run } from '../measure.js';
import { median } from '../tables.js';
import { countingLine } from './counting-line.js';
import { download, downloads, together } from './downloads.js';
import { largeWheel, manyVersions, publish, remove } from './packages.js';
import { page } from './page.js';
import { type PythonTools, pythonTools } from './python-tools.js';
import { devpi, pypiserver } from './rivals.js';
import { type Served, serve } from './served.js';

export interface Plan {
  readonly short: boolean;
  readonly repetitions: number;
  /** Milliseconds there and back, for pages. */
  readonly delay: number;
}

/** One line of the table: what was done, and what came out. */
export interface Finding {
  readonly work: string;
  readonly found: string;
  readonly samples: readonly number[];
}

const MIB = 1024 ** 2;
const NAMESPACE = 'bench/index';
const TOGETHER = 64;

/** @param far whose registry is empty, and is left so */
export async function installing(
  bundle: string,
  far: FarSide,
  folder: string,
  plan: Plan,
): Promise<readonly Finding[]> {
  mkdirSync(folder, { recursive: true });
  const tools = await pythonTools(join(folder, 'python'));
  const findings = [await startOf(bundle, far, plan)];
  for (const size of plan.short ? [200] : [200, 1024]) findings.push(...(await files(bundle, far, folder, size, plan)));
  findings.push(...(await resolutions(bundle, far, folder, tools)));
  findings.push(...(await pages(bundle, far, folder, 120, 3, plan)));
  if (!plan.short) findings.push(...(await pages(bundle, far, folder, 2_000, 1, plan)));
  findings.push(...(await beside(bundle, far, folder, tools, plan)));
  return findings;
}

async function startOf(bundle: string, far: FarSide, { repetitions }: Plan): Promise<Finding> {
  const samples: number[] = [];
  for (let repetition = 0; repetition < Math.max(repetitions, 9); repetition += 1) {
    const began = performance.now();
    await run(process.execPath, ['-e', '0']);
    const nothing = performance.now() - began;
    const served = await serve(bundle, far.registry, NAMESPACE);
    await served.stop();
    samples.push(served.milliseconds - nothing);
  }
  return finding('start to listening, without that of Node', samples, 'ms');
}

/** One wheel beside curl from the registry itself, then the same wheel many times at once. */
async function files(bundle: string, far: FarSide, folder: string, mib: number, { repetitions }: Plan) {
  const path = largeWheel(folder, mib * MIB, '9.0');
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  await publish(bundle, far.registry, NAMESPACE, [path]);
  remove([path]);
  const findings = await withIndex(bundle, far.registry, async (served) => {
    const through = (await page(served.indexUrl)).file('foo-9.0');
    const straight = `http://${far.registry}/v2/${NAMESPACE}/foo/blobs/sha256:${digest}`;
    const found = await downloads(straight, through, repetitions);
    const ratios = found.through.map((seconds, at) => seconds / (found.straight[at] ?? Number.NaN));
    const alone = served.peak();
    const rows = [
      finding(`${mib} MiB by curl from the registry`, found.straight, 's'),
      finding(`${mib} MiB by curl through the index`, found.through, 's'),
      finding(`${mib} MiB, index to registry`, ratios, 'times'),
      finding(`${mib} MiB, memory`, [alone], 'MiB at most'),
    ];
    if (mib > 200) return rows;
    const seconds = await together(through, TOGETHER);
    return [
      ...rows,
      finding(`${mib} MiB, ${TOGETHER} at once`, [seconds], 's'),
      finding(`${mib} MiB, ${TOGETHER} at once, memory`, [served.peak()], 'MiB at most'),
    ];
  });
  far.wipe();
  return findings;
}

/** Bytes that come from the registry while a version is chosen, of a wheel with METADATA beside it and of one without. */
async function resolutions(bundle: string, far: FarSide, folder: string, { program }: PythonTools) {
  const path = largeWheel(folder, 200 * MIB, '9.0');
  await publish(bundle, far.registry, NAMESPACE, [path]);
  await publish(bundle, far.registry, `${NAMESPACE}/plain`, [path], ['--no-default-annotations']);
  remove([path]);
  const line = await countingLine(far.registry);
  const wanted = join(folder, 'requirements.in');
  writeFileSync(wanted, 'foo\n');
  const findings: Finding[] = [];
  for (const [form, namespace] of [
    ['published by us', NAMESPACE],
    ["in PyOCI's own form", `${NAMESPACE}/plain`],
  ] as const) {
    const resolve = async (name: string, args: readonly string[]): Promise<void> => {
      const served = await serve(bundle, line.host, namespace);
      line.received();
      try {
        await run(program(name), [...args, '--index-url', served.indexUrl]);
      } finally {
        await served.stop();
      }
      findings.push(finding(`resolution by ${name} over 200 MiB, ${form}`, [line.received() / 1024], 'KiB'));
    };
    await resolve('uv', ['pip', 'compile', '--quiet', '--no-cache', wanted]);
    await resolve('pip', ['install', '--quiet', '--dry-run', '--no-cache-dir', '--isolated', 'foo']);
  }
  line.stop();
  far.wipe();
  return findings;
}

async function pages(bundle: string, far: FarSide, folder: string, versions: number, wheels: number, plan: Plan) {
  const paths = manyVersions(folder, versions, wheels);
  await publish(bundle, far.registry, NAMESPACE, paths);
  remove(paths);
  const findings: Finding[] = [];
  for (const delay of versions > 1_000 ? [plan.delay] : [0, plan.delay]) {
    const distant = delay > 0 ? await far.distant(delay) : undefined;
    const [cold, warm]: [number[], number[]] = [[], []];
    for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
      await withIndex(bundle, distant?.host ?? far.registry, async ({ indexUrl }) => {
        const first = await page(indexUrl);
        if (first.files !== versions * wheels) throw new Error(`${first.files} files in place of ${versions * wheels}`);
        cold.push(first.seconds);
        warm.push((await page(indexUrl)).seconds, (await page(indexUrl)).seconds);
      });
    }
    await distant?.stop();
    const work = `page of ${versions} x ${wheels} at ${delay} ms`;
    findings.push(
      finding(`${work}, cold`, cold, 's'),
      finding(
        `${work}, warm`,
        warm.map((each) => each * 1000),
        'ms',
      ),
    );
  }
  far.wipe();
  return findings;
}

/** The same files from our index, out of a registry, and from servers that have them on disk: a page, a file, in turns. */
async function beside(bundle: string, far: FarSide, folder: string, tools: PythonTools, { repetitions }: Plan) {
  const home = join(folder, 'beside');
  mkdirSync(home, { recursive: true });
  const paths = [...manyVersions(home, 120, 3), largeWheel(home, 200 * MIB, '9.0')];
  await publish(bundle, far.registry, NAMESPACE, paths);
  const served = await serve(bundle, far.registry, NAMESPACE);
  const rivals = [await pypiserver(tools, paths), await devpi(tools, paths, folder)];
  const all = [{ name: 'ours', root: served.indexUrl, stop: served.stop }, ...rivals];
  const found = all.map(() => ({ page: [] as number[], file: [] as number[] }));
  for (let repetition = -1; repetition < repetitions; repetition += 1) {
    for (const [at, { root }] of all.entries()) {
      const { seconds, file } = await page(root);
      const whole = await download(file('foo-9.0'));
      if (repetition < 0) continue;
      found[at]?.page.push(seconds * 1000);
      found[at]?.file.push(whole);
    }
  }
  for (const { stop } of all) await stop();
  far.wipe();
  return all.flatMap(({ name }, at) => [
    finding(`page of 361 files: ${name}`, found[at]?.page ?? [], 'ms'),
    finding(`${(statSync(paths.at(-1) ?? '').size / MIB).toFixed(0)} MiB: ${name}`, found[at]?.file ?? [], 's'),
  ]);
}

async function withIndex<T>(bundle: string, registry: string, work: (served: Served) => Promise<T>): Promise<T> {
  const served = await serve(bundle, registry, NAMESPACE);
  try {
    return await work(served);
  } finally {
    await served.stop();
  }
}

function finding(work: string, samples: readonly number[], unit: string): Finding {
  const digits = unit === 's' || unit === 'times' ? 2 : 1;
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  const spread = samples.length > 1 ? ` (${least.toFixed(digits)} - ${most.toFixed(digits)})` : '';
  return { work, found: `${median(samples).toFixed(digits)} ${unit}${spread}`, samples };
}
