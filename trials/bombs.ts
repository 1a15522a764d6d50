/**
 * What archives made to exhaust cost the command: `npm run bombs`, which takes the bundle in dist/ as it is. A line for
 * each: how large it is, how the command ended, how long it took, and the most memory it had (`maxrss`).
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import {
  anSdist,
  aWheel,
  pax,
  sdistMembers,
  tar,
  wheelEntries,
  type ZipFields,
  zip,
} from '../__tests__/support/builders.js';
import { writeGiant } from '../__tests__/support/giant.js';
import { deflatedZeros, gzippedZeros } from '../__tests__/support/zeros.js';

const MIB = 1024 ** 2;
const WHEEL = 'foo-1.0-py3-none-any.whl';
const SDIST = 'foo-1.0.tar.gz';
/** Run from the root of the repository, as npm does. */
const COMMAND = join(process.cwd(), 'dist', 'cli', 'index.js');
/** Has the command tell its peak on a descriptor of its own. */
const TELL = `data:text/javascript,${encodeURIComponent(
  "import fs from 'node:fs'; process.on('exit', () => fs.writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

/** A wheel whose METADATA, or another member, is 1 GiB of zeros, or says that it is less. */
function zeros(member: 'METADATA' | 'another member', stated?: number): Buffer {
  const { payload, crc } = deflatedZeros(1024);
  const fields: Partial<ZipFields> = { crc, size: stated ?? 1024 * MIB, method: 8 };
  const bomb = { payload, local: fields, central: fields };
  const entries = wheelEntries();
  if (member === 'another member') return zip([...entries, { name: 'foo/zeros', ...bomb }]);
  return zip(entries.map((entry) => (String(entry.name).endsWith('/METADATA') ? { ...entry, ...bomb } : entry)));
}

const many = (count: number): Buffer => {
  const entries = Array.from({ length: count }, (_, at) => ({ name: `foo/module_${at}.py`, data: `x = ${at}\n` }));
  const members = count + 4;
  return members < 0xffff
    ? aWheel({ entries })
    : aWheel({ entries, frame: { zip64: {}, end: { members: 0xffff, membersHere: 0xffff } } });
};
const links = Array.from({ length: 9_999 }, (_, at) => ({
  name: `foo-1.0/${'d/'.repeat(30)}${at}`,
  type: '2',
  link: 'x',
}));

/** Each in folders of its own, and each to as deep a place: more than can be kept in mind. */
const deepLinks = Array.from({ length: 9_000 }, (_, at) => [
  pax({ path: `foo-1.0/${at}/${'d/'.repeat(2_000)}l`, linkpath: 'y/'.repeat(2_000) }),
  { name: 'foo-1.0/l', type: '2', link: 'x' },
]).flat();
/** As many files as may be, each in a folder of its own. */
const folders = Array.from({ length: 99_000 }, (_, at) => ({ name: `foo-1.0/${at}/x` }));

/** A RECORD of 32 MiB, the most that is compared, of which every row is another path. */
function longRecord(): Buffer {
  const rows = Array.from({ length: (32 * MIB) / 9 - 1 }, (_, at) => `${at.toString(36).padStart(6, '0')},,`);
  const record = { data: `${rows.join('\n')}\n`, deflate: true };
  return zip(wheelEntries().map((entry) => (String(entry.name).endsWith('/RECORD') ? { ...entry, ...record } : entry)));
}

type Make = (path: string) => Promise<void> | void;
const made =
  (bytes: () => Buffer): Make =>
  (path) =>
    writeFileSync(path, bytes());
const BOMBS: readonly (readonly [what: string, file: string, make: Make])[] = [
  ['an ordinary wheel', WHEEL, made(() => aWheel())],
  ['an ordinary sdist', SDIST, made(() => anSdist())],
  ['1 GiB of zeros as METADATA', WHEEL, made(() => zeros('METADATA'))],
  ['1 GiB of zeros as METADATA, said to be 1,000 bytes', WHEEL, made(() => zeros('METADATA', 1_000))],
  ['1 GiB of zeros as another member', WHEEL, made(() => zeros('another member'))],
  ['1 GiB of zeros in gzip', SDIST, made(() => gzippedZeros(1024))],
  [
    '1 GiB of zeros in an sdist',
    SDIST,
    made(() => Buffer.concat([gzipSync(tar(sdistMembers(), Buffer.alloc(0))), gzippedZeros(1024)])),
  ],
  ['16,000 members', WHEEL, made(() => many(16_000))],
  ['190,000 members', WHEEL, made(() => many(190_000))],
  ['4 GiB sparse, with ZIP64', WHEEL, (path) => writeGiant(path, 4 * 1024 ** 3 + 5)],
  ['4 MiB of headers', WHEEL, made(() => aWheel({ headers: Array.from({ length: 340_000 }, () => 'X: y z z z') }))],
  ['a label of 900,000 blanks', WHEEL, made(() => aWheel({ headers: [`Project-URL: a${' '.repeat(900_000)}b, x`] }))],
  ['a RECORD of 3.7 million rows', WHEEL, made(longRecord)],
  ['9,000 links in 18 million folders', SDIST, made(() => gzipSync(tar([...deepLinks, ...sdistMembers()])))],
  ['99,000 folders', SDIST, made(() => gzipSync(tar([...folders, ...sdistMembers()])))],
  ['9,999 links, each 30 folders deep', SDIST, made(() => gzipSync(tar([...links, ...sdistMembers()])))],
];

/** @returns how it ended, in words; seconds; and peak memory in MiB */
async function check(path: string, folder: string): Promise<readonly [ended: string, seconds: number, peak: number]> {
  const args = [
    '--import',
    TELL,
    COMMAND,
    '--oci-layout',
    join(folder, 'oci'),
    '--namespace',
    'bombs',
    '--dry-run',
    path,
  ];
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , stderr, told] = child.stdio;
  if (!stderr || !told || !('read' in told)) throw new Error('the command has no outputs');
  const [said, kibibytes] = await Promise.all([text(stderr), text(told), once(child, 'close')]);
  const seconds = (performance.now() - start) / 1_000;
  const refusal = /(?:read the archive|METADATA): (.*)/.exec(said)?.[1];
  return [child.exitCode === 0 ? 'read' : `refused: ${refusal ?? said.trim()}`, seconds, Number(kibibytes) / 1024];
}

for (const [what, file, make] of BOMBS) {
  const folder = mkdtempSync(join(tmpdir(), 'bombs-'));
  try {
    const path = join(folder, file);
    await make(path);
    const [ended, seconds, peak] = await check(path, folder);
    const size = (statSync(path).size / MIB).toFixed(1);
    const figures = `${size.padStart(8)} MiB ${seconds.toFixed(1).padStart(6)} s ${peak.toFixed(0).padStart(5)} MiB peak`;
    process.stdout.write(`${what.padEnd(52)} ${figures}  ${ended}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
