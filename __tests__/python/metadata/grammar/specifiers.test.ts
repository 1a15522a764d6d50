import { repairedSpecifiers } from '../../../../src/python/metadata/grammar/specifier-repair.js';
import { specifiersFault } from '../../../../src/python/metadata/grammar/specifiers.js';

/** What pip 26.3 and uv 0.13.9 did with each as `Requires-Python` of a wheel. */
describe('a set of version specifiers', () => {
  it.each([
    ...['', '>=3.8', '>= 3.8 , < 4', '>=3.8,', '~=3.8', '~=3.8rc1', '~=1!2.0', '==3.*', '!=3.0.*', '===3.8'],
    ...[
      '>=2.7, !=3.0.*, !=3.1.*, !=3.2.*,',
      '==3.8+local',
      '!=3.8+a.1',
      '>=v3.8',
      '>=3.8-rc.1',
      '>3.8.dev1',
      '==1!1.*',
    ],
    ...['>=3.8\u00a0,<4', '==\u00a03.8', '>=\n3.8', '==3.8+99999999999999999999', '<18446744073709551614'],
  ])('is read: %j', (text) => expect(specifiersFault(text)).toBeUndefined());

  it.each([
    ['3.8', 'pip', '"3.8" begins with none of ==, !=, <=, >=, <, >, ~= or ===', 'write ">=3.8" or "==3.8"'],
    ['^3.8', 'pip', '"^3.8" begins with none of ==, !=, <=, >=, <, >, ~= or ===', undefined],
    ['=>3.8', 'pip', '"=>3.8" begins with none of ==, !=, <=, >=, <, >, ~= or ===', undefined],
    ['>=', 'pip', '">=" names no version', undefined],
    ['>=3.6.*', 'pip', '">=3.6.*" ends with ".*", which only == and != may have', 'write ">=3.6"'],
    ['~=3.6.*', 'pip', '"~=3.6.*" ends with ".*", which only == and != may have', 'write "~=3.6"'],
    ['==3.8rc1.*', 'pip', '"3.8rc1.*" behind == is no version', undefined],
    ['==3.*.*', 'pip', '"3.*.*" behind == is no version', undefined],
    ['>=3.8+local', 'pip', '">=3.8+local" has a local version, which only == and != may have', undefined],
    ['~=3', 'pip', '"~=3" has one number, where ~= needs two', 'write "~=3.0" or ">=3"'],
    ['~=3rc1', 'pip', '"~=3rc1" has one number, where ~= needs two', 'write ">=3rc1"'],
    ['>=3.8 <4', 'pip', 'no comma stands between the comparisons of ">=3.8 <4"', undefined],
    ['>=3.x', 'pip', '"3.x" behind >= is no version', undefined],
    ['>=3.8; x', 'pip', '"3.8; x" behind >= is no version', undefined],
    ['>=\u0663', 'pip', '"\u0663" behind >= is no version', undefined],
    ['>=3.8,,<4', 'uv', 'nothing stands before a comma', undefined],
    [',>=3.8', 'uv', 'nothing stands before a comma', undefined],
    ['===', 'uv', '"===" names no version', undefined],
    ['===abc', 'uv', '"abc" behind === is no version', undefined],
    ['===3.8.*', 'uv', '=== stands before ".*"', 'write "==3.8.*"'],
    ['>=18446744073709551615', 'uv', 'a number of "18446744073709551615" is too large for it', undefined],
    ['==1.99999999999999999999.*', 'uv', 'a number of "1.99999999999999999999.*" is too large for it', undefined],
  ])('has a fault: %s is refused by %s', (text, by, cause, cure) =>
    expect(specifiersFault(text)).toEqual(cure === undefined ? { by, cause } : { by, cause, cure }),
  );

  it('has the fault that stops pip where it has several', () =>
    expect(specifiersFault('===abc,>=3.8,>=3.x')).toMatchObject({ by: 'pip', cause: '"3.x" behind >= is no version' }));
});

describe('version specifiers of old', () => {
  it.each([
    ['>=3.6.*', '>=3.6'],
    ['>=2.7,!=3.0.*,<3.4.*', '>=2.7,!=3.0.*,<3.4'],
    ['>=3.7.2<4', '>=3.7.2,<4'],
    ['!=~3.0', '!=3.0.*'],
    ['>=2.7,!=3.0*,!=3.1*', '>=2.7,!=3.0.*,!=3.1.*'],
    [">= '2.7'", '>= 2.7'],
    ['>="3.6"', '>=3.6'],
    ['>dev', '>0.0.0dev'],
    ['>=3.9.0a1.0', '>=3.9.0a1'],
    ['>=3.8,', '>=3.8'],
  ])('are repaired as uv does: %s to %s', (text, repaired) => expect(repairedSpecifiers(text)).toBe(repaired));

  it.each(['3.8', '>=3.x', '^3.8', '>=3.8 <4', '~=3.6.*', '>=3.8,,<4', '>=1!2.0,', `>=${'1'.repeat(2_000)}.x`])(
    'stay faulty where uv does not know what they mean: %s',
    (text) => expect(repairedSpecifiers(text)).toBeUndefined(),
  );
});
