import fc from 'fast-check';
import { hostileContent } from '../support/hostile/content.js';
import { hostileFields } from '../support/hostile/fields.js';
import { hostileSdist } from '../support/hostile/sdist.js';
import { hostileTree } from '../support/hostile/tree.js';
import { hostileWheel } from '../support/hostile/wheel.js';
import { hostileZip } from '../support/hostile/zip-forms.js';
import { runs, seeds } from './support/differential-runs.js';
import { Panel } from './support/installers/panel.js';
import { Tally } from './support/installers/tally.js';
import { tryFile } from './support/installers/trial.js';

/** An installer takes a tenth of a second for a file, a reader a hundredth of that. */
const judged = Math.ceil(runs / 8);

const panel = new Panel();
afterAll(() => panel.close());

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
      const generated = fc.sample<{ readonly name: string; readonly bytes: Buffer }>(files, { seed, numRuns: judged });
      await Promise.all(
        generated.map(async (file, index) => {
          const trial = await tryFile(file, panel);
          for (const to of [tally, all]) to.add(trial, `seed ${seed}, file ${index}, ${file.name}`);
        }),
      );
      process.stdout.write(`${kind}, seed ${seed}: ${tally}\n`);
      expect(tally.disagreements).toEqual([]);
      expect(tally.unexplained).toEqual([]);
    },
    60_000 + 1_000 * judged,
  );

  it('are refused by each installer where something is wrong, and taken where nothing is', () => {
    const { accepted, refused, pip, uv } = all.counts;
    expect(Math.min(accepted, refused, pip.took, pip.refused, uv.took, uv.refused)).toBeGreaterThan(0);
  });
});
