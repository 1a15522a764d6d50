import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { memoryBytes } from '../../src/core/bytes.js';
import { UserError } from '../../src/core/errors.js';
import { readSdist, readWheel } from '../../src/python/archive.js';
import { recordRows } from '../../src/python/wheel/record.js';
import { anSdist, aWheel, metadataText, sdistMembers, tar } from '../support/builders.js';
import { countingBytes } from '../support/counting-bytes.js';
import { contentsOrRefusal, expectRefused } from '../support/refusals.js';

const TEXT = metadataText({ urls: { Home: 'https://example.com' }, body: 'A description.\n' });

/** One way to damage a file: overwrite some bytes, cut it, or put bytes in between. */
const damage = fc.oneof(
  fc.record({
    kind: fc.constant('overwrite'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant('cut'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.constant(new Uint8Array()),
  }),
  fc.record({
    kind: fc.constant('insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }),
  }),
);

function damaged(bytes: Buffer, { kind, at, bytes: more }: { kind: string; at: number; bytes: Uint8Array }): Buffer {
  const offset = Math.floor(at * bytes.length);
  const front = bytes.subarray(0, offset);
  if (kind === 'cut') return front;
  return Buffer.concat([front, more, bytes.subarray(offset + (kind === 'overwrite' ? more.length : 0))]);
}

describe('a damaged archive', () => {
  it.each([true, false])(
    'of a wheel (deflated: %s) is refused, or has the metadata it was built with',
    async (deflate) => {
      const wheel = aWheel({ metadata: TEXT, deflate });
      await fc.assert(
        fc.asyncProperty(damage, async (how) => {
          const contents = await contentsOrRefusal(readWheel(memoryBytes(damaged(wheel, how))));
          if (!(contents instanceof UserError)) expect(contents.metadata).toEqual(TEXT);
        }),
        { numRuns: 400 },
      );
    },
  );

  it('of an sdist is refused, or has the metadata it was built with', async () => {
    const sdist = anSdist({ metadata: TEXT });
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const contents = await contentsOrRefusal(readSdist(memoryBytes(damaged(sdist, how))));
        if (!(contents instanceof UserError)) expect(contents.pkgInfo).toEqual(TEXT);
      }),
      { numRuns: 200 },
    );
  });

  it('of an sdist, damaged inside the gzip, is refused or read, and never anything else', async () => {
    const plain = tar([
      ...sdistMembers({ metadata: TEXT, format: 'pax' }),
      ...sdistMembers({ format: 'gnu' }).slice(0, 1),
    ]);
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const contents = await contentsOrRefusal(readSdist(memoryBytes(gzipSync(damaged(plain, how), { level: 1 }))));
        if (!(contents instanceof UserError)) expect(contents.top).toBe('foo-1.0');
      }),
      { numRuns: 300 },
    );
  });

  it('of random bytes with the right beginning is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const wheel = memoryBytes(Buffer.concat([Buffer.from('PK\x03\x04'), bytes]));
        const sdist = memoryBytes(gzipSync(bytes));
        expect(await contentsOrRefusal(readWheel(wheel))).toBeInstanceOf(UserError);
        expect(await contentsOrRefusal(readSdist(sdist))).toBeInstanceOf(UserError);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a reading takes from its source', () => {
  it('is little of a wheel, whatever its size', async () => {
    const bytes = countingBytes(aWheel({ deflate: false, files: { 'foo/data.bin': Buffer.alloc(5_000_000, 'data') } }));
    await readWheel(bytes);
    expect(bytes.handedOut).toBeLessThan(100_000);
  });

  it('is each byte of an sdist once, besides its beginning', async () => {
    const bytes = countingBytes(anSdist());
    await readSdist(bytes);
    expect(bytes.handedOut).toBeLessThanOrEqual(bytes.size + 512);
  });

  it('stops at the first fault of an sdist', async () => {
    const plain = gunzipSync(anSdist());
    plain[0] = 0x2f;
    const bytes = countingBytes(gzipSync(Buffer.concat([plain, Buffer.alloc(20_000_000)]), { level: 0 }));
    await expectRefused(readSdist(bytes), /checksum/);
    expect(bytes.handedOut).toBeLessThan(bytes.size / 10);
  });

  it.each([readWheel, readSdist])("fails with the source's own error (%p)", async (read) => {
    const failure = new UserError('Cannot read x: the disk is gone');
    const good = read === readWheel ? aWheel() : anSdist();
    const bytes = {
      ...memoryBytes(good),
      async *pieces() {
        yield await Promise.reject(failure);
      },
      read: async (offset: number, length: number) => {
        if (offset > 0) throw failure;
        return good.subarray(0, length);
      },
    };
    await expect(read(bytes)).rejects.toBe(failure);
  });
});

describe('recordRows', () => {
  it.each<[string, string, (readonly [columns: number, path: string, size: string])[]]>([
    [
      'plain rows',
      'a.py,sha256=x,1\nb.py,,\n',
      [
        [3, 'a.py', '1'],
        [3, 'b.py', ''],
      ],
    ],
    [
      'rows that end with CRLF, the last with nothing',
      'a.py,sha256=x,1\r\nb.py,,',
      [
        [3, 'a.py', '1'],
        [3, 'b.py', ''],
      ],
    ],
    [
      'rows that end with CR',
      'a.py,,1\rb.py,,\r',
      [
        [3, 'a.py', '1'],
        [3, 'b.py', ''],
      ],
    ],
    [
      'quoted paths',
      '"a,b.py",x,1\n"say ""hi"".py",x,"1"\n',
      [
        [3, 'a,b.py', '1'],
        [3, 'say "hi".py', '1'],
      ],
    ],
    [
      'a quoted line end',
      '"a\nb.py",x,1\nc,,\n',
      [
        [3, 'a\nb.py', '1'],
        [3, 'c', ''],
      ],
    ],
    [
      'a quote within a field as part of it',
      'a"b,x,1\nc.py,,\n',
      [
        [3, 'a"b', '1'],
        [3, 'c.py', ''],
      ],
    ],
    ['text behind a quote as part of the field', '"a"b,x,1\n', [[3, 'ab', '1']]],
    [
      'a quote that never ends',
      'a.py,,\n"b.py,,\n',
      [
        [3, 'a.py', ''],
        [1, 'b.py,,\n', ''],
      ],
    ],
    ['a comma that is not quoted', 'a,b.py,x,1\n', [[4, 'a', 'x']]],
    [
      'a row cut short',
      'a.py\nb.py,x',
      [
        [1, 'a.py', ''],
        [2, 'b.py', ''],
      ],
    ],
    ['a comma at the end', 'a,', [[2, 'a', '']]],
    [
      'empty lines',
      '\n\na.py,,\n',
      [
        [0, '', ''],
        [0, '', ''],
        [3, 'a.py', ''],
      ],
    ],
    ['a row of nothing but commas', ',,\n', [[3, '', '']]],
    ['nothing', '', []],
  ])('reads %s', (_what, text, rows) =>
    expect([...recordRows(text)]).toEqual(rows.map(([columns, path, size]) => ({ columns, path, size }))),
  );
});
