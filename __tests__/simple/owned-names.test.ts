import { UsageError } from '../../src/core/errors.js';
import { OwnedNames } from '../../src/simple/owned-names.js';

const owned = (...patterns: readonly string[]) => new OwnedNames(patterns, 'octo-org', 'ghcr.io');

describe('owned names', () => {
  it.each([
    ['hello-pyoci', 'hello-pyoci', 'octo-org/hello_pyoci'],
    ['Hello.PyOCI', 'hello-pyoci', 'octo-org/hello_pyoci'],
    ['hello__pyoci', 'hello-pyoci', 'octo-org/hello_pyoci'],
    ['acme-*', 'acme-lib', 'octo-org/acme_lib'],
    ['ACME_*', 'acme-lib', 'octo-org/acme_lib'],
    ['acme-?', 'acme-1', 'octo-org/acme_1'],
    ['Other/Team/acme-*', 'acme-lib', 'other/team/acme_lib'],
    ['*', 'anything', 'octo-org/anything'],
  ])('%s takes %s, from %s', (pattern, project, repository) => {
    expect(owned(pattern).find(project)).toEqual({ project, repository });
  });

  it.each([
    ['hello-pyoci', 'hello'],
    ['hello-pyoci', 'hello-pyoci-2'],
    ['acme-*', 'acme'],
    ['acme-?', 'acme-12'],
    ['a.b', 'axb'],
  ])('%s does not take %s', (pattern, project) => {
    expect(owned(pattern).find(project)).toBeUndefined();
  });

  it('take a name that is written out before a glob, whatever their order', () => {
    const names = owned('acme-*', 'special/acme-lib');
    expect(names.find('acme-lib')?.repository).toBe('special/acme_lib');
    expect(names.find('acme-app')?.repository).toBe('octo-org/acme_app');
  });

  it('list what is written out, once and in order, and no glob', () => {
    expect(owned('zeta', 'Alpha', 'acme-*', 'alpha').listed).toEqual(['alpha', 'zeta']);
  });

  it('know whether nothing is left for others', () => {
    expect([owned('*').everything, owned('**').everything, owned('a*').everything]).toEqual([true, true, false]);
  });

  it.each(['', '-', 'a b', 'a;b', '../up', 'a/', 'ü', 'a[bc]', '/a', 'UPPER CASE/a'])('refuse "%s"', (pattern) => {
    expect(() => owned(pattern)).toThrow(UsageError);
  });

  it('refuse no name at all, and a name without a namespace', () => {
    expect(() => owned()).toThrow('expected at least one name');
    expect(() => new OwnedNames(['a'], undefined)).toThrow('no namespace to look for it in');
    expect(new OwnedNames(['ns/a'], undefined).find('a')?.repository).toBe('ns/a');
  });
});
