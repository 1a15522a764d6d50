import { fileForm, normalName } from '../../src/python/name.js';

describe('the normal form of a name', () => {
  it.each([
    ['foo', 'foo'],
    ['Foo', 'foo'],
    ['f', 'f'],
    ['2to3', '2to3'],
    ['zope.interface', 'zope-interface'],
    ['My_Pkg', 'my-pkg'],
    ['foo__bar', 'foo-bar'],
    ['foo-.bar', 'foo-bar'],
    ['a.-_b--c', 'a-b-c'],
  ])('of %s is %s', (name, normal) => {
    expect(normalName(name)).toBe(normal);
  });

  it.each([
    '',
    '-foo',
    'foo-',
    '.foo',
    'foo_',
    '_',
    'foo bar',
    'foo\n',
    'foo/bar',
    'foo+bar',
    'föö',
    '\u212aey',
    'te\u017ft',
    'foo\u00a0',
    '\ufefffoo',
  ])('does not exist for %j, which is no legal name', (name) => {
    expect(normalName(name)).toBeUndefined();
  });

  it('does not exist for a megabyte that ends badly, found out without going back and forth', () => {
    expect(normalName(`${'a-'.repeat(500_000)}!`)).toBeUndefined();
  });
});

describe('the form of a name in file names', () => {
  it('has underscores for dashes', () => {
    expect(fileForm('zope-interface-x')).toBe('zope_interface_x');
  });
});
