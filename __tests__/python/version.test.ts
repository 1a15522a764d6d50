import fc from 'fast-check';
import { compareVersions, parseVersion, type Version } from '../../src/python/version.js';

const parsed = (text: string): Version => {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} is no version`);
  return version;
};

describe('the normal form of a version', () => {
  it.each([
    ['1.0', '1.0'],
    ['1.0.0', '1.0.0'],
    ['v1.0', '1.0'],
    ['V1.0', '1.0'],
    ['01.02', '1.2'],
    ['00', '0'],
    ['0!1.0', '1.0'],
    ['1!2.0', '1!2.0'],
    ['1.0RC1', '1.0rc1'],
    ['1.0a', '1.0a0'],
    ['1.0alpha1', '1.0a1'],
    ['1.0-beta.2', '1.0b2'],
    ['1.0c3', '1.0rc3'],
    ['1.0pre4', '1.0rc4'],
    ['1.0_preview_5', '1.0rc5'],
    ['1.0rc08', '1.0rc8'],
    ['1.0-1', '1.0.post1'],
    ['1.0-0', '1.0.post0'],
    ['1.0rev2', '1.0.post2'],
    ['1.0-r2', '1.0.post2'],
    ['1.0.post', '1.0.post0'],
    ['1.0POST-3', '1.0.post3'],
    ['1.0dev', '1.0.dev0'],
    ['1.0-dev-07', '1.0.dev7'],
    ['1.0a1.post2.dev3', '1.0a1.post2.dev3'],
    ['1.0+Ubuntu-1', '1.0+ubuntu.1'],
    ['1.0+a_b.c', '1.0+a.b.c'],
    ['1.0+001', '1.0+1'],
    ['1.0+0a1', '1.0+0a1'],
    ['1.2.dev3+g12ab.d20260821', '1.2.dev3+g12ab.d20260821'],
  ])('of %s is %s', (text, normal) => {
    expect(parsed(text).normal).toBe(normal);
  });

  it('keeps every digit of a number that is too large for floating point', () => {
    expect(parsed('20260821123456789012345.0').normal).toBe('20260821123456789012345.0');
    expect(parsed('1.0rc9007199254740993').normal).toBe('1.0rc9007199254740993');
  });

  it.each([
    ['1.0+0123e4', '1.0+0123e4'],
    ['1.0+0x10', '1.0+0x10'],
    ['1.0+infinity', '1.0+infinity'],
  ])('takes no part of a local version for a number that is not all digits: %s', (text, normal) => {
    expect(parsed(text).normal).toBe(normal);
  });

  it('is its own normal form', () => {
    const text = fc.stringMatching(
      /^v?[0-9]{1,3}(\.[0-9]{1,2}){0,2}(-?rc_?[0-9]?)?(\.post1)?(-dev)?(\+[a-z0-9]{1,4})?$/,
    );
    fc.assert(
      fc.property(text, (spelled) => {
        const { normal, key } = parsed(spelled);
        expect(parsed(normal)).toEqual({ spelled: normal, normal, key });
        expect(normal).not.toContain('-');
      }),
    );
  });
});

describe('what is no version', () => {
  it.each([
    '',
    ' ',
    'latest',
    '1.0_1',
    '1.0-',
    '1.0+',
    '1.0+a..b',
    '1.0+a+b',
    '1..0',
    '1.0.x',
    '1.0rc1rc2',
    '!1.0',
    '1!',
    '1.0-post-2x',
    '1.0+ubuntu!1',
    '١.0',
    '1.0+\u212a',
    '1.0po\u017ft1',
    '1.0\u00a0',
    '\ufeff1.0',
    '1.0\n.1',
  ])('%j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('is anything longer than a file name could hold', () => {
    expect(parseVersion(`1.0+${'a'.repeat(1_020)}`)).toBeDefined();
    expect(parseVersion(`1.0+${'a'.repeat(1_021)}`)).toBeUndefined();
    expect(parseVersion('1'.repeat(1_000_000))).toBeUndefined();
  });
});

describe('the spelling of a version', () => {
  it('is kept as it is, without the white space around it', () => {
    expect(parsed('1.0-RC.1').spelled).toBe('1.0-RC.1');
    expect(parsed(' \t1.0\r\n').spelled).toBe('1.0');
  });
});

describe('the key of a version', () => {
  it.each([
    ['1.0', '1.0.0'],
    ['1', 'v1.0'],
    ['0', '0.0'],
    ['1.0rc1', '1.0.0-RC.1'],
    ['1.0-1', '1.post1'],
    ['1.0+1', '1.0.0+01'],
    ['1.0+a-b', '1+A.B'],
    ['0!1.0', '1.0'],
    ['1.0.dev', '1.dev0'],
  ])('is the same for the equal versions %s and %s', (one, other) => {
    expect(parsed(one).key).toBe(parsed(other).key);
  });

  it.each([
    ['1.0', '1.0.1'],
    ['1.0', '10'],
    ['1.0', '1.0.post0'],
    ['1.0', '1.0+local'],
    ['1.0', '1!1.0'],
    ['1.0rc1', '1.0a1'],
    ['1.0+1', '1.0+1.0'],
    ['9007199254740993', '9007199254740992'],
  ])('differs between %s and %s', (one, other) => {
    expect(parsed(one).key).not.toBe(parsed(other).key);
  });
});

describe('the order of versions', () => {
  it('is that of their values, not of their letters', () => {
    const sorted = ['1.0.dev1', '1.0a1', '1.0rc1', '1.0', '1.0+local', '1.0.post1', '1.9', '1.10', '1!0.1'];
    expect(
      [...sorted]
        .reverse()
        .map(parsed)
        .sort(compareVersions)
        .map(({ spelled }) => spelled),
    ).toEqual(sorted);
  });

  it('puts equal versions in the order of their spelling', () => {
    expect(
      ['v1.0', '1.0.0', '1.0']
        .map(parsed)
        .sort(compareVersions)
        .map(({ spelled }) => spelled),
    ).toEqual(['1.0', 'v1.0', '1.0.0']);
    expect(compareVersions(parsed('1.0'), parsed('1.0'))).toBe(0);
  });
});
