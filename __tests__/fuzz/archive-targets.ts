import assert from 'node:assert/strict';
import fc from 'fast-check';
import { memoryBytes } from '../../src/core/bytes.js';
import { PublishError } from '../../src/core/errors.js';
import { readDistribution } from '../../src/python/distribution.js';
import { checkGlobalPax, parsePax } from '../../src/python/pax.js';
import { recordRows } from '../../src/python/record.js';
import { checkRecord } from '../../src/python/record-check.js';
import { TarFraming } from '../../src/python/tar-framing.js';
import { parseHeader } from '../../src/python/tar-header.js';
import { readWheelFile } from '../../src/python/wheel-file.js';
import { checkTags } from '../../src/python/wheel-tags.js';
import { isZipForPython } from '../../src/python/zip-lookalike.js';
import { paxRecord, sdistMembers, tar, tarHeader } from '../support/builders.js';
import { damage } from '../support/hostile/damage.js';
import { hostileSdist } from '../support/hostile/sdist.js';
import { hostileWheel } from '../support/hostile/wheel.js';
import { endless, type Target, target, textOf } from './target.js';

const MIB = 1024 * 1024;

const records = target(
  'RECORD',
  textOf('a.py', ',', '"', '""', '\n', '\r\n', '\r', 'sha256=x', 'é'),
  (text) => {
    for (const { path, columns } of recordRows(text)) assert.ok(path.length + columns <= text.length + 1);
  },
  () => endless(MIB, ['', '"']),
);

const FINDING = /^(its|row|it) /;

const recordChecks = target(
  'RECORD against members',
  textOf('a.py', 'b', ',', '"', '\n', '\r\n', 'sha256=x', '12', '-1', '18446744073709551616', 'é'),
  (text) => {
    const messages: string[] = [];
    checkRecord(Buffer.from(text), new Map(), 'foo-1.0.dist-info', ({ message }) => messages.push(message));
    assert.ok(messages.every((message) => FINDING.test(message)) && messages.length <= 3);
  },
  () => endless(MIB, ['', 'a,,\n', '"']),
);

const wheelFiles = target(
  'WHEEL',
  textOf(
    'Wheel-Version',
    'Tag',
    'Build',
    ':',
    ' ',
    '1.0',
    '2',
    '.',
    '-',
    'py3-none-any',
    '\n',
    '\r',
    '\t',
    'true',
    'é',
  ),
  (text) => {
    const messages: string[] = [];
    const file = readWheelFile(Buffer.from(text), ({ message }) => messages.push(message));
    checkTags('2-py2.py3-none-any.whl', file, ({ message }) => messages.push(message));
    assert.ok(messages.every((message) => FINDING.test(message)) && messages.length <= 5);
  },
  () => endless(256 * 1024, ['Wheel-Version: ', 'Tag: a-', '\n ', 'Tag: ']),
);

const zipLookalikes = target(
  'ZIP marks',
  fc.array(fc.oneof(fc.constantFrom('PK\x05\x06', '\0'.repeat(18), 'P', '\0'), fc.string({ maxLength: 4 })), {
    maxLength: 8,
  }),
  (parts) => {
    const bytes = Buffer.from(parts.join(''), 'latin1');
    if (isZipForPython(bytes)) assert.ok(bytes.includes('PK\x05\x06', 0, 'latin1'));
  },
);

const wheels = target('ZIP archives', hostileWheel, ({ name, bytes }) => readOne(name, bytes));
const sdists = target('tar archives', hostileSdist, ({ name, bytes }) => readOne(name, bytes));

async function readOne(name: string, bytes: Buffer): Promise<void> {
  const { distribution, problems } = await readDistribution(name, memoryBytes(bytes));
  assert.equal(
    distribution === undefined,
    problems.some(({ severity }) => severity === 'error'),
  );
}

const tarHeaders = target(
  'tar headers',
  fc.tuple(fc.uint8Array({ minLength: 512, maxLength: 512 }), fc.nat(511), fc.boolean()),
  ([bytes, keep, sound]) => {
    const block = Buffer.from(tarHeader({ name: 'foo-1.0/PKG-INFO', size: 12 }));
    block.set(bytes.subarray(0, 512 - keep), keep);
    if (sound) {
      block.fill(0x20, 148, 156);
      block.write(
        `${block
          .reduce((total, byte) => total + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
        148,
        'latin1',
      );
    }
    const { path, size, type } = parseHeader(block);
    assert.ok(Number.isSafeInteger(size) && size >= 0 && type.length === 1 && path.length <= 256);
  },
);

/** Whatever pieces an archive comes in, the walk gives the same. */
const tarPieces = target(
  'tar in pieces',
  fc.tuple(damage, fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 8 })),
  ([how, pieces]) => {
    const archive = how(tar(sdistMembers({ format: 'pax' })));
    assert.deepEqual(walked(archive, pieces), walked(archive, [archive.length + 1]));
  },
);

function walked(archive: Buffer, pieces: readonly number[]): unknown {
  const seen: unknown[] = [];
  try {
    const framing = new TarFraming((member) => seen.push(member) > 0);
    let at = 0;
    for (let turn = 0; at < archive.length; turn += 1) {
      const piece = pieces[turn % pieces.length] ?? 1;
      framing.push(archive.subarray(at, at + piece));
      at += piece;
    }
    return { seen, extracts: framing.finish() };
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return { seen, refused: error.message };
  }
}

const pax = target(
  'pax records',
  fc.oneof(
    textOf('12 ', '9 ', 'path=', 'size=', '5', '\n', 'a/b', '=', '0', 'GNU.sparse.size=1', '-1'),
    fc
      .array(
        fc.tuple(
          textOf('path', 'size', 'linkpath', 'comment', 'mtime', 'SCHILY.xattr.a', 'x'),
          textOf('5', '0', 'a/b', '='),
        ),
        { maxLength: 4 },
      )
      .map((pairs) => pairs.map(([key, value]) => paxRecord(key, value)).join('')),
  ),
  (text) => {
    const bytes = Buffer.from(text);
    checkGlobalPax(bytes);
    const { size } = parsePax(bytes);
    assert.ok(size === undefined || (Number.isSafeInteger(size) && size >= 0));
  },
  () => endless(256 * 1024, ['', '5 a=']),
);

export const ARCHIVE_TARGETS: readonly Target[] = [
  records,
  recordChecks,
  wheelFiles,
  zipLookalikes,
  wheels,
  sdists,
  tarHeaders,
  tarPieces,
  pax,
];
