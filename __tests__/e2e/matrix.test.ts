import { digestOf, hexOf } from '../../src/core/digest.js';
import { decode, encode } from '../../src/oci/document.js';
import { withEntries } from '../../src/pyoci/version-index.js';
import { standingEntries } from '../../src/release/merge/standing-entries.js';
import { CACHE, PACKAGES, REFERRERS, SETTLE, withMatrix as withMatrixOf } from './support/coordination.js';
import { type Matrix, median, type Round, type Setting } from './support/matrix.js';
import { Reader } from './support/reader.js';
import { type Registry, startOlareg } from './support/registries.js';

/** `MATRIX_PROCESSES=24 MATRIX_ROUNDS=50 npm run e2e -- matrix` is the long race; see docs/how-it-works.md. */
const PROCESSES = Number(process.env.MATRIX_PROCESSES || 12);
const ROUNDS = Number(process.env.MATRIX_ROUNDS || 1);
/** Slow requests make slow tests. */
const SLOW_PROCESSES = Number(process.env.MATRIX_PROCESSES || 6);
/** Legs that are killed in each mode, so many at a time. */
const DEATHS = Number(process.env.MATRIX_DEATHS || 3);
const DEATHS_AT_ONCE = 5;
/** Milliseconds from a leg's start: most are still at work, some have written and look again. */
const KILLED_WITHIN = 4_000;

const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

function withMatrix(
  mode: Parameters<typeof withMatrixOf>[0],
  work: (matrix: Matrix, setting: Setting) => Promise<void>,
  size = PROCESSES,
): Promise<void> {
  return withMatrixOf(mode, work, size);
}

function told(name: string, rounds: readonly Round[]): string {
  const times = rounds.flatMap((round) => round.times);
  const lost = rounds.flatMap((round) => round.lost).length;
  const writes = rounds.map((round) => round.tagWrites);
  return `${name}: ${rounds.length} rounds of ${rounds[0]?.codes.length}, ${lost} files lost, median ${(median(times) / 1000).toFixed(1)} s and at most ${(Math.max(...times) / 1000).toFixed(1)} s from start to end, ${median(writes)} writes of the tag in a round (at most ${Math.max(...writes)})\n`;
}

/** Read, add, write back, done: what everybody else does. */
async function naiveRace(registry: Registry, version: string): Promise<number> {
  const reader = new Reader(registry);
  const config = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    ...(await reader.pushBlob('owner/demo', Buffer.from('{}'))),
  };
  const publishers = Array.from({ length: PROCESSES }, async (_publisher, index) => {
    const bytes = Buffer.from(`file ${index}`);
    const layer = { mediaType: 'application/pyoci.package.v1', ...(await reader.pushBlob('owner/demo', bytes)) };
    const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] });
    await reader.pushManifest('owner/demo', manifest.descriptor.digest, OCI_MANIFEST, manifest.value);
    const found = await reader.manifest('owner/demo', version);
    const standing = found.status === 200 ? decode(found.bytes, OCI_INDEX, version) : undefined;
    const architecture = `cp3${index}-any.whl`;
    const descriptor = { ...manifest.descriptor, platform: { architecture, os: 'any' } };
    const entry = { architecture, sha256: hexOf(digestOf(bytes)), descriptor };
    const before = standingEntries(standing, version);
    const extended = withEntries(standing, [...before, entry], {});
    await reader.pushManifest('owner/demo', version, OCI_INDEX, extended.value);
  });
  await Promise.all(publishers);
  const end = await reader.manifest('owner/demo', version);
  return PROCESSES - standingEntries(decode(end.bytes, OCI_INDEX, version), version).length;
}

describe.each([SETTLE, REFERRERS, PACKAGES, CACHE])('a matrix of processes on one version, by $name', (mode) => {
  it(
    'loses no file',
    () =>
      withMatrix(mode, async (matrix, setting) => {
        const rounds: Round[] = [];
        for (let round = 0; round < ROUNDS; round += 1) rounds.push(await matrix.race(`1.${round}`, setting));
        process.stdout.write(told(mode.name, rounds));
        expect(rounds.flatMap(({ errors }) => errors)).toEqual([]);
        expect(rounds.flatMap(({ codes }) => codes)).toEqual(Array(PROCESSES * ROUNDS).fill(0));
        expect(rounds.flatMap(({ lost }) => lost)).toEqual([]);
        expect([...new Set(rounds.flatMap(({ protections }) => protections))]).toEqual([
          expect.stringContaining(mode.protection),
        ]);
      }),
    ROUNDS * 120_000,
  );

  it(
    'loses none silently where requests are slow, overtake each other and get cut off',
    () =>
      withMatrix(
        mode,
        async (matrix, setting) => {
          matrix.proxy.treat = (method, path) => {
            if (!path.includes('/manifests/') || path.includes('sha256:')) return { before: Math.random() * 100 };
            const cut = Math.random() < 0.1 ? ({ cut: method === 'PUT' ? 'after' : 'before' } as const) : {};
            return { before: Math.random() * 3_000, after: Math.random() * 500, ...cut };
          };
          const round = await matrix.race('1.0', setting);
          process.stdout.write(told(`${mode.name}, slow and cut`, [round]));
          if (!round.warned) expect(round.lost).toEqual([]);
          if (mode === REFERRERS || mode === PACKAGES) expect(round.lost).toEqual([]);
        },
        SLOW_PROCESSES,
      ),
    300_000,
  );
});

describe('a publisher that meets nobody', () => {
  /** What it asks of the tag, and everything that it writes by digest. */
  const asked = (requests: readonly string[], method: string, what: RegExp): number =>
    requests.filter((request) => request.startsWith(`${method} `) && what.test(request)).length;

  it.each([
    ['auto', 4],
    ['settle', 4],
    // Before the uploads, before the write, and once to see that it stands.
    ['off', 3],
  ])('with coordination %s reads the tag %i times, waiting included, and leaves no record', (coordination, reads) =>
    withMatrix(
      REFERRERS,
      async (matrix) => {
        const [leg] = matrix.legsOf('1.0');
        if (!leg) throw new Error('a matrix without legs');
        const setting = { inputs: { coordination }, env: {} };
        const began = performance.now();
        expect((await matrix.run(leg, setting)).code).toBe(0);
        const took = performance.now() - began;
        const first = matrix.proxy.requests.splice(0);
        process.stdout.write(`alone, ${coordination}, ${(took / 1000).toFixed(1)} s:\n  ${first.join('\n  ')}\n`);
        expect(asked(first, 'GET', /\/manifests\/1\.0$/)).toBe(reads);
        expect(asked(first, 'PUT', /\/manifests\/1\.0$/)).toBe(1);
        expect(asked(first, 'PUT', /\/manifests\/sha256:/)).toBe(1);

        expect((await matrix.run(leg, setting)).code).toBe(0);
        const second = matrix.proxy.requests;
        process.stdout.write(`and again:\n  ${second.join('\n  ')}\n`);
        expect(asked(second, 'GET', /\/manifests\/1\.0$/)).toBe(1);
        expect(second.filter((request) => /^(?:POST|PUT|PATCH|DELETE) /.test(request))).toEqual([]);
      },
      1,
    ),
  );
});

describe('a registry whose own list of referrers loses entries', () => {
  it(
    'costs no file, and a leg that sees it says that only timing protects',
    () =>
      withMatrix({ ...REFERRERS, start: startOlareg }, async (matrix, setting) => {
        const round = await matrix.race('1.0', setting);
        process.stdout.write(told('dishonest referrers', [round]));
        expect(round.lost).toEqual([]);
        expect(round.protections).not.toEqual([]);
        for (const said of round.protections) {
          expect(said).toMatch(/agree through the registry's referrers|protected by timing/);
        }
      }),
    300_000,
  );
});

describe('the naive loop', () => {
  it(
    'loses files in the same race',
    () =>
      withMatrix(SETTLE, async ({ registry }) => {
        const lost: number[] = [];
        for (let round = 0; round < ROUNDS; round += 1) lost.push(await naiveRace(registry, `1.${round}`));
        process.stdout.write(
          `naive: of ${PROCESSES} files, ${Math.min(...lost)} to ${Math.max(...lost)} lost a round\n`,
        );
        expect(Math.max(...lost)).toBeGreaterThan(0);
      }),
    ROUNDS * 30_000,
  );
});

describe.each([SETTLE, REFERRERS, PACKAGES])('a leg that is killed, by $name', (mode) => {
  it(
    'at any time breaks nobody else, and its re-run completes',
    () =>
      withMatrix(mode, async (matrix, setting) => {
        let deaths = 0;
        let tried = 0;
        while (deaths < DEATHS) {
          const trials = Array.from({ length: Math.min(DEATHS_AT_ONCE, DEATHS - deaths) }, (_trial, index) =>
            dieAmongOthers(matrix, setting, `2.${tried + index}`),
          );
          tried += trials.length;
          deaths += (await Promise.all(trials)).filter((died) => died).length;
        }
        process.stdout.write(`${mode.name}: ${deaths} legs killed, ${tried - deaths} were done before\n`);
      }),
    60_000 + DEATHS * 30_000,
  );
});

/** Three legs, one of which is killed at some time of its run, if it is not done by then, and runs again when the others are done. */
async function dieAmongOthers(matrix: Matrix, setting: Setting, version: string): Promise<boolean> {
  const [victim, ...others] = matrix.legsOf(version).slice(0, 3);
  if (!victim) throw new Error('a matrix without legs');
  const kill = Math.random() * KILLED_WITHIN;
  const results = await Promise.all([
    matrix.run(victim, setting, (child) => setTimeout(() => child.kill('SIGKILL'), kill)),
    ...others.map((leg) => matrix.run(leg, setting)),
  ]);
  expect(results.slice(1).map(({ code }) => code)).toEqual(others.map(() => 0));
  const survivors = await matrix.standing(version);
  for (const { architecture } of others) expect(survivors).toContain(architecture);
  const again = await matrix.run(victim, { ...setting, env: { ...setting.env, GITHUB_RUN_ATTEMPT: '2' } });
  expect(again.code).toBe(0);
  const standing = await matrix.standing(version);
  for (const { architecture } of [victim, ...others]) expect(standing).toContain(architecture);
  return results[0]?.code === null;
}
