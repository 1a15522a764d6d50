import { isPinned, matching, parseSpecifiers } from '../../src/python/specifier.js';
import { parseVersion } from '../../src/python/version.js';

const fits = (specifier: string, ...versions: readonly string[]): readonly string[] =>
  matching(versions, parseSpecifiers(specifier), parseVersion);

describe('a set of version specifiers', () => {
  it.each([
    ['==1.0', ['1.0.0', '1.0+cu12', '1!1.0', '1.0.post1'], ['1.0+cu12', '1.0.0']],
    ['==1.0+cu12', ['1.0', '1.0+cu12', '1.0+cu13'], ['1.0+cu12']],
    ['!=1.0', ['1.0', '1.0.1'], ['1.0.1']],
    ['==1.*', ['1.5', '1', '2.0', '1!1.0'], ['1.5', '1']],
    ['==1.0.*', ['1', '1.0.3', '1.1'], ['1.0.3', '1']],
    ['!=1.*', ['1.5', '2.0'], ['2.0']],
    ['>=1.2,<2', ['1.1', '1.2', '1.10', '2.0', '2.0rc1'], ['1.10', '1.2']],
    ['<2.0', ['2.0rc1', '2.0.dev1'], []],
    ['>1.0', ['1.0.post1', '1.0+local', '1.0.1'], ['1.0.1']],
    ['>1.0.post1', ['1.0.post2'], ['1.0.post2']],
    ['<=1.0', ['1.0+local', '1.1'], ['1.0+local']],
    ['~=1.4.2', ['1.4.1', '1.4.9', '1.5.0'], ['1.4.9']],
    ['~=1.4', ['1.3', '1.9', '2.0'], ['1.9']],
    ['===1.0', ['1.0', '1.0.0'], ['1.0']],
    [' >= 1.0 , ', ['0.9', '1.0'], ['1.0']],
    ['>=1!0', ['99.0', '1!0.1'], ['1!0.1']],
  ])('%s takes of %j: %j', (specifier, versions, expected) => {
    expect(fits(specifier, ...versions)).toEqual(expected);
  });

  it('takes pre-releases where it names one, or where nothing else fits', () => {
    expect(fits('>=1.0', '1.0', '1.1rc1', '1.1.dev3')).toEqual(['1.0']);
    expect(fits('>=1.1rc1', '1.0', '1.1rc2', '1.1')).toEqual(['1.1', '1.1rc2']);
    expect(fits('>=1.1.dev1', '1.0', '1.1.dev2')).toEqual(['1.1.dev2']);
    expect(fits('>=1.0', '1.1rc1', '1.1.dev3')).toEqual(['1.1rc1', '1.1.dev3']);
  });

  it('takes nothing that is no version', () => {
    expect(fits('>=0', 'latest', 'sha256-0123', '1.0')).toEqual(['1.0']);
  });

  it.each([
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['1.0', 'begins with none of'],
    ['>=1.0 <2', 'no comma stands between'],
    ['~=1', 'where ~= needs two'],
    ['>=1.*', 'which only == and != may have'],
    ['latest', 'begins with none of'],
  ])('cannot be %j', (specifier, why) => {
    expect(() => parseSpecifiers(specifier)).toThrow(why);
  });

  it.each([
    ['==1.0', true],
    ['===1.0', true],
    ['==1.*', false],
    ['>=1.0', false],
  ])('%s pins one version: %j', (specifier, pinned) => {
    expect(isPinned(parseSpecifiers(specifier))).toBe(pinned);
  });
});
