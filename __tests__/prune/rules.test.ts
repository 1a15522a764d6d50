import { parseAge } from '../../src/core/text/age.js';
import { classOf, lineOf } from '../../src/prune/classes.js';
import { parseKeep } from '../../src/prune/keep.js';
import { parseVersion, type Version } from '../../src/python/version.js';

const version = (text: string): Version => {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(`no version: ${text}`);
  return parsed;
};

describe('an age', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['36h', 129_600_000],
    ['30d', 2_592_000_000],
    [' 2w ', 1_209_600_000],
  ])('%s is so many milliseconds', (text, milliseconds) => {
    expect(parseAge(text)).toEqual({ text: text.trim(), milliseconds });
  });

  it.each(['', '30', 'd', '0d', '-1d', '1.5d', '30 d', '30D', '1w3d', '1y', 'P30D', '٣d', '5218w', '99999999999s'])(
    '"%s" is none',
    (text) => {
      expect(() => parseAge(text)).toThrow(`found "${text}", expected a number and one of s, m, h, d or w`);
    },
  );
});

describe('the class of a version', () => {
  it.each([
    ['1.0.dev3', 'dev'],
    ['1.0rc1.dev3', 'dev'],
    ['1.0.post1.dev2', 'dev'],
    ['1.0.dev3+g1a2b3c', 'dev'],
    ['1.0a1', 'pre'],
    ['1.0-preview2', 'pre'],
    ['1.0rc1.post1', 'pre'],
    ['1.0rc1+cu12', 'pre'],
    ['1.0+cu12', 'local'],
    ['1.0.post1+cu12', 'local'],
    ['1.0', 'final'],
    ['1!1.0', 'final'],
    ['1.0.post1', 'final'],
  ])('%s is %s', (text, expected) => {
    expect(classOf(version(text))).toBe(expected);
  });
});

describe('the release line of a version', () => {
  it.each([
    ['1.2.3.dev4', '1', '1.2', '1.2.3'],
    ['1', '1', '1.0', '1'],
    ['1.0.0', '1', '1.0', '1'],
    ['2.0.1+cu12', '2', '2.0', '2.0.1'],
    ['1!2.3', '1!2', '1!2.3', '1!2.3'],
  ])('%s belongs to %s, %s and %s', (text, major, minor, release) => {
    expect((['major', 'minor', 'release'] as const).map((per) => lineOf(version(text), per))).toEqual([
      major,
      minor,
      release,
    ]);
  });
});

describe('what always stays', () => {
  const keeps = (keep: string, text: string): boolean =>
    parseKeep(keep).keeps(version(text), text.replaceAll('+', '-'));

  it.each([
    ['>=1.2,<2', '1.2.dev1', false],
    ['>=1.2,<2', '1.3rc1', true],
    ['==1.0', '1.0+cu12', true],
    ['~=1.4', '2.0', false],
    ['1.*', '1.4.dev3', true],
    ['1.*', '11.4', false],
    ['1.?', '1.10', false],
    ['*rc*', '2.0RC1', true],
    ['1.0+cu*', '1.0+cu118', true],
    ['1.0-cu*', '1.0+cu118', true],
    ['1.0', '1.0.1', false],
    ['1.[0]', '1.0', false],
  ])('%s keeps %s: %s', (keep, text, expected) => {
    expect(keeps(keep, text)).toBe(expected);
  });

  it('is no specifier that pip could not read, and not nothing', () => {
    expect(() => parseKeep('>=')).toThrow('as a version specifier');
    expect(() => parseKeep(' ')).toThrow('it is empty');
  });

  it('is found in no time, however many stars a pattern has', () => {
    expect(keeps(`${'*a'.repeat(40)}${'*'.repeat(5_000)}b`, `1.0+${'a'.repeat(100)}`)).toBe(false);
  });
});
