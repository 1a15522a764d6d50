import fc from 'fast-check';
import { anSdist, aWheel, type SdistOptions, sdistName, type WheelOptions, wheelName } from '../support/builders.js';
import { hostileContent } from '../support/hostile/content.js';
import { hostileFields } from '../support/hostile/fields.js';
import type { GeneratedFile } from '../support/hostile/file.js';
import { hostileSdist, SDIST_FILES } from '../support/hostile/sdist.js';
import { hostileTree } from '../support/hostile/tree.js';
import { hostileWheel } from '../support/hostile/wheel.js';
import { hostileZip } from '../support/hostile/zip-forms.js';
import { runs, seeds } from './support/differential-runs.js';
import { Panel } from './support/installers/panel.js';
import { Tally } from './support/installers/tally.js';
import { type Trial, tryFile } from './support/installers/trial.js';

/** Installers take a tenth of a second for a file, readers a hundredth of that. */
const judged = Math.ceil(runs / 16);

const panel = new Panel();
const everything = new Tally();
afterAll(() => panel.close());

/** Files that nothing is wrong with, though none of them can be installed here, or not without other files. */
const SOUND: readonly (readonly [string, GeneratedFile])[] = [
  ['any wheel', { name: wheelName(), bytes: aWheel() }],
  ['a wheel for Windows', wheel({ tag: 'cp39-abi3-win_amd64' })],
  ['a wheel for Python 2.7', wheel({ tag: 'cp27-cp27m-manylinux1_x86_64', headers: ['Requires-Python: ==2.7.*'] })],
  ['a wheel for a Python to come', wheel({ headers: ['Requires-Python: >=3.14'] })],
  ['a wheel that requires another', wheel({ headers: ['Requires-Dist: bar (>=1.0,<2) ; python_version > "3"'] })],
  ['a wheel that requires a URL', wheel({ headers: ['Requires-Dist: bar @ https://x.example/bar-1.0.zip'] })],
  ['an sdist that has to be built', sdist({ metadataVersion: '1.0' })],
  ['an sdist of final metadata', sdist({ metadataVersion: '2.4', headers: ['Requires-Dist: bar~=1.0'] })],
  ['an sdist by another name', { ...sdist({ name: 'Foo.Bar' }), name: 'Foo.Bar-1.0.tar.gz' }],
];
const WRONG: readonly (readonly [string, string, GeneratedFile])[] = [
  ['pip, uv', 'a wheel without WHEEL', wheel({ without: ['WHEEL'] })],
  ['pip, uv', 'a wheel with a requirement that is none', wheel({ headers: ['Requires-Dist: bar baz'] })],
  [
    'pip, uv',
    'an sdist with a requirement that is none',
    sdist({ metadataVersion: '2.2', headers: ['Requires-Dist: bar baz'] }),
  ],
  ['pip, uv', 'an sdist of another name than its metadata', { ...sdist(), name: 'bar-1.0.tar.gz' }],
  ['uv', 'a wheel for a Python that is none', wheel({ headers: ['Requires-Python: 3'] })],
  ['uv', 'a wheel of UNKNOWN', wheel({ name: 'UNKNOWN', filename: 'UNKNOWN-1.0-py3-none-any.whl' })],
  [
    'pip',
    'a wheel whose name has two dashes in a row',
    { ...wheel({ name: 'foo__bar' }), name: 'foo__bar-1.0-py3-none-any.whl' },
  ],
];

describe('what is asked of pip and uv', () => {
  it.each(SOUND)('finds nothing against %s', async (_what, file) => {
    expect(refusing(await tryFile(file, panel))).toEqual([]);
  });

  it.each(WRONG)('tells by the words of %s that something is wrong with %s', async (judges, _what, file) => {
    const trial = await tryFile(file, panel);
    expect(refusing(trial).join(', ')).toBe(judges);
    const tally = new Tally();
    tally.add({ ...trial, ours: [] }, 'as if we took it');
    expect(tally.disagreements).toEqual([expect.stringMatching(/^as if we took it.*\n {2}(?:pip|uv), asked to /)]);
  });
});

function wheel(options: WheelOptions): GeneratedFile {
  return { name: wheelName(options), bytes: aWheel(options) };
}

function sdist(options: SdistOptions = {}): GeneratedFile {
  return { name: sdistName(options), bytes: anSdist({ files: SDIST_FILES, ...options }) };
}

function refusing({ verdicts }: Trial): readonly string[] {
  return [...new Set(verdicts.flatMap(({ by, refusal }) => (refusal === undefined ? [] : [by])))];
}

describe.each([
  ['wheels with odd framing', hostileWheel],
  ['wheels in odd forms of ZIP', hostileZip],
  ['wheels with odd content', hostileContent],
  ['sdists with odd framing', hostileSdist],
  ['sdists with odd members', hostileTree],
  ['wheels and sdists with odd fields', hostileFields],
] as const)('%s', (kind, files) => {
  const all = new Tally();

  it.each(seeds)(
    'are taken by pip and by uv wherever we take them (seed %d)',
    async (seed) => {
      const tally = new Tally();
      const generated = fc.sample<GeneratedFile>(files, { seed, numRuns: judged });
      await Promise.all(
        generated.map(async (file, index) => {
          const trial = await tryFile(file, panel);
          for (const to of [tally, all, everything]) to.add(trial, `seed ${seed}, file ${index}, ${file.name}`);
        }),
      );
      process.stdout.write(`${kind}, seed ${seed}: ${tally}\n`);
      expect(tally.disagreements).toEqual([]);
      expect(tally.unexplained).toEqual([]);
    },
    60_000 + 1_000 * judged,
  );

  it('are refused by each installer where something is wrong, and taken where nothing is', () => {
    const { refused, pip, uv } = all.counts;
    expect(Math.min(refused, pip.took, pip.refused, uv.took, uv.refused)).toBeGreaterThan(0);
    expect(everything.counts.accepted).toBeGreaterThan(0);
  });
});
