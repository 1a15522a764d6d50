import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Panel } from './support/installers/panel.js';
import { publishedFiles } from './support/installers/published.js';
import { Tally } from './support/installers/tally.js';
import { tryFile } from './support/installers/trial.js';

const panel = new Panel();
afterAll(() => panel.close());

describe('files that were published on PyPI', () => {
  const tally = new Tally();

  it('are taken by pip and by uv wherever we take them', async () => {
    const paths = publishedFiles();
    await Promise.all(
      paths.map(async (path) => {
        const name = basename(path);
        tally.add(await tryFile({ name, bytes: readFileSync(path) }, panel), name);
      }),
    );
    process.stdout.write(`${paths.length} files of PyPI: ${tally}\n`);
    expect(paths.length).toBeGreaterThan(150);
    expect(tally.disagreements).toEqual([]);
  }, 900_000);

  it('are refused by us alone for a reason that is known', () => {
    expect(tally.unexplained).toEqual([]);
    expect(tally.counts.accepted).toBeGreaterThan(150);
    expect(Math.min(tally.counts.pip.took, tally.counts.uv.took)).toBeGreaterThan(150);
  });
});
