import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { partOf } from '../../src/oci/part.js';

const chunks = (...texts: readonly string[]) =>
  Readable.from(
    texts.map((text) => Buffer.from(text)),
    { objectMode: false },
  );

describe('part of a stream', () => {
  it.each([
    [0, 0, ''],
    [0, 3, 'abc'],
    [2, 3, 'cde'],
    [3, 3, 'def'],
    [4, 5, 'efghi'],
    [8, 1, 'i'],
    [0, 9, 'abcdefghi'],
  ])('after %i bytes, %i long, is "%s"', async (skip, length, expected) => {
    const source = chunks('abc', 'def', 'ghi');
    expect((await buffer(partOf(source, { skip, length }, 'it', {}))).toString()).toBe(expected);
    expect(source.destroyed).toBe(true);
  });

  it.each([
    [0, 10, 1],
    [8, 4, 3],
    [20, 2, 2],
  ])('after %i bytes, %i long, fails for want of %i', async (skip, length, missing) => {
    const part = partOf(chunks('abc', 'def', 'ghi'), { skip, length }, 'it', {});
    await expect(buffer(part)).rejects.toThrow(`Cannot read it: it ended ${missing} bytes too early`);
  });

  it('holds no more than a reader takes', async () => {
    let given = 0;
    const source = Readable.from(
      (function* () {
        for (; given < 1000; given += 1) yield Buffer.alloc(65_536);
      })(),
      { objectMode: false },
    );
    const part = partOf(source, { skip: 0, length: 60_000_000 }, 'it', {});
    await new Promise((resolve) => part.once('readable', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBeLessThan(10);
    part.destroy();
    expect(source.destroyed).toBe(true);
  });

  it('fails as its source does', async () => {
    const source = new Readable({ read: () => {} });
    const part = partOf(source, { skip: 0, length: 5 }, 'it', {});
    source.destroy(new Error('disk on fire'));
    await expect(buffer(part)).rejects.toThrow('disk on fire');
  });
});
