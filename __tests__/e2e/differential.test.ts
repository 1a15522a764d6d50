import fc from 'fast-check';
import { fromBufferPromise } from 'yauzl';
import { parseFileName } from '../../src/python/filename.js';
import { readMetadata } from '../../src/python/metadata/metadata.js';
import { wheelEntries, zip } from '../support/builders.js';
import type { GeneratedFile } from '../support/hostile/file.js';
import { FORGED } from '../support/hostile/metadata.js';
import { hostileSdist } from '../support/hostile/sdist.js';
import { hostileWheel } from '../support/hostile/wheel.js';
import { type Comparison, compare, ourReader, type Reader } from './support/agreement.js';
import { runs, seeds } from './support/differential-runs.js';
import { PythonReader } from './support/python-reader.js';

const python = new PythonReader();
afterAll(() => python.close());

describe.each([
  ['wheel', hostileWheel],
  ['sdist', hostileSdist],
] as const)('a generated %s that we accept', (kind, files) => {
  it.each(seeds)(
    'is the same distribution to every reader of Python (seed %d)',
    async (seed) => {
      const counts: Record<Comparison, number> = { accepted: 0, 'refused by both': 0, 'refused by us alone': 0 };
      const property = fc.asyncProperty(files, async (file) => {
        counts[await compare(file, ourReader, python)] += 1;
      });
      await fc.assert(property, { seed, numRuns: runs });
      const told = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
      process.stdout.write(`${kind}s, seed ${seed}: ${runs} tried, ${told.join(', ')}, 0 disagreements\n`);
      expect(counts.accepted).toBeGreaterThan(runs / 25);
      expect(counts['refused by both']).toBeGreaterThan(runs / 25);
    },
    60_000 + 100 * runs,
  );
});

/** Reads the first METADATA that the directory lists, and checks nothing: as a reader would that is written in an hour. */
const firstMatch: Reader = async ({ name, bytes }) => {
  const parsed = parseFileName(name);
  try {
    const archive = await fromBufferPromise(bytes);
    for await (const entry of archive.eachEntry()) {
      if (!/^[^/]*\.dist-info\/METADATA$/.test(entry.fileName)) continue;
      const chunks: Buffer[] = [];
      const stream = await archive.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      const { identified } = readMetadata(Buffer.concat(chunks), 'METADATA');
      return identified && parsed.kind === 'wheel' ? { ...identified, architecture: parsed.architecture } : undefined;
    }
  } catch {
    return undefined;
  }
  return undefined;
};

describe('the comparison', () => {
  const entries = wheelEntries();
  const metadata = entries.find(({ name }) => String(name).endsWith('/METADATA'));
  const doubled: GeneratedFile = {
    name: 'foo-1.0-py3-none-any.whl',
    bytes: zip([...entries, { name: metadata?.name ?? '', data: FORGED }]),
  };

  it('catches a reader that takes the first of two METADATA', async () => {
    await expect(compare(doubled, firstMatch, python)).rejects.toThrow(/zipfile: name is "forged", ours "foo"/);
    await expect(compare(doubled, ourReader, python)).resolves.toMatch(/^refused/);
  });

  it('finds such a file by itself', async () => {
    const property = fc.asyncProperty(hostileWheel, async (file) => {
      await compare(file, firstMatch, python);
    });
    const { failed, numRuns } = await fc.check(property, { seed: 1, numRuns: 2_000, endOnFailure: true });
    expect(failed).toBe(true);
    process.stdout.write(`a reader that takes the first METADATA was found out by file ${numRuns}\n`);
  });
});
