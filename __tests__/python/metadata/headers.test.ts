import { readHeaders } from '../../../src/python/metadata/headers.js';
import type { Problem } from '../../../src/python/problem.js';

function read(bytes: string | Buffer) {
  const found: Problem[] = [];
  const { fields, brokenAt } = readHeaders(Buffer.from(bytes), (finding) => found.push(finding));
  return { fields, brokenAt, found: found.map(({ message }) => message) };
}

const pairs = (bytes: string | Buffer) => read(bytes).fields.map(({ name, value }) => [name, value]);

describe('a field', () => {
  it.each([
    ['A: b', 'b'],
    ['A:b', 'b'],
    ['A: \t b \t', 'b'],
    ['A:', ''],
    ['A: b: c', 'b: c'],
    ['A: =?utf-8?q?b?=', '=?utf-8?q?b?='],
    ['A: \u00a0b\ufeff', '\u00a0b\ufeff'],
  ])('of the line %j has the value %j', (line, value) => {
    expect(pairs(`${line}\n`)).toEqual([['a', value]]);
  });

  it('goes on over lines that begin with a blank, joined by one space', () => {
    expect(pairs('A: b\n  c\r\n\t\td\n \nE: f\n')).toEqual([
      ['a', 'b c d'],
      ['e', 'f'],
    ]);
    expect(read('A: b\n c\n').fields).toMatchObject([{ folded: true }]);
    expect(read('A: b\n').fields).toMatchObject([{ folded: false }]);
  });

  it('says whether blanks follow its value', () => {
    expect(read('A: b \nC: d\n').fields).toMatchObject([{ padded: true }, { padded: false }]);
  });

  it('says whether all its bytes are UTF-8, and shows the others as replacement characters', () => {
    expect(read(Buffer.from('A: \xe9\nB: b\n', 'latin1')).fields).toMatchObject([
      { value: '\ufffd', utf8: false },
      { value: 'b', utf8: true },
    ]);
  });
});

describe('headers', () => {
  it('end with the first empty line, and nothing behind it is looked at', () => {
    expect(read('A: b\n\nC: d\n\0\r')).toMatchObject({ fields: [{ name: 'a' }], brokenAt: undefined, found: [] });
    expect(pairs('A: b\r\n\r\nC: d')).toEqual([['a', 'b']]);
  });

  it.each([
    ['A: b\nno colon\nC: d\n', 2],
    ['A: b\nC : d\n', 2],
    ['A: b\nÄ: d\n', 2],
    ['\nA: b\n', 1],
    ['A: b\n\x00C: d\n', 2],
  ])('of %j are broken at line %i', (text, line) => {
    expect(read(text).brokenAt).toBe(line);
  });

  it('go on behind a field without a name', () => {
    expect(pairs('A: b\n: c\nD: e\n')).toEqual([
      ['a', 'b'],
      ['', 'c'],
      ['d', 'e'],
    ]);
  });

  it.each([
    ['A: b\rC: d\n', 'line 1 holds a carriage return, where the line ends for some readers and not for others'],
    ['A: b\r', 'line 1 holds a carriage return, where the line ends for some readers and not for others'],
    ['A: b\nC: \0\n', 'line 2 holds the control character U+0000'],
    ['A: b\n \v\n', 'line 2 holds the control character U+000B'],
    ['A: \f\n', 'line 1 holds the control character U+000C'],
    ['A: \x1b[31m\n', 'line 1 holds the control character U+001B'],
    ['A: \x7f\n', 'line 1 holds the control character U+007F'],
    ['A: \u0085\n', 'line 1 holds the control character U+0085'],
    ['A: \u2029\n', 'line 1 holds the control character U+2029'],
    [' A: b\nC: d\n', 'line 1 continues a field, but none stands before it'],
    ['A: b\nFrom me\nC: d\n', 'line 2 begins with "From ", which some readers skip and others stop at'],
  ])('of %j are refused', (text, message) => {
    expect(read(text).found).toEqual([message]);
  });

  it('of another encoding are not taken for control characters', () => {
    expect(read(Buffer.from('A: \x85\xe9\n', 'latin1')).found).toEqual([]);
    expect(read(Buffer.from('A: \xe9\x0b\n', 'latin1')).found).toEqual(['line 1 holds the control character U+000B']);
  });

  it.each([
    ['a mebibyte in one line', `A: ${'b'.repeat(1 << 20)}\n`],
    ['a mebibyte of blanks', `A: b${' '.repeat(1 << 20)}c\n`],
    ['many lines', `A: b\n${' \n'.repeat(20_000)}`],
  ])('of %s are refused', (_, text) => {
    expect(read(text).found).toEqual(['its headers are longer than 1048576 bytes or 20000 lines']);
  });

  it('may have a long value full of blanks', () => {
    const blanks = ' '.repeat(1_000_000);
    expect(pairs(`A: b${blanks}c${blanks.slice(0, 40_000)}\n`)).toEqual([['a', `b${blanks}c`]]);
  });
});
