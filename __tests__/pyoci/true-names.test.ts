import { trueNames } from '../../src/pyoci/true-names.js';

const namesOf = (repository: string, tag: string, architecture = '.tar.gz') =>
  trueNames(repository, tag, architecture).map(({ filename }) => filename);

describe('the name that PyOCI cut at its first dash', () => {
  it.each([
    ['my_pkg', 'pkg-1.0', 'my_pkg-1.0.tar.gz'],
    ['a_b_c_d', 'd-1.0', 'a_b_c_d-1.0.tar.gz'],
    ['a_b_c_d', 'b-c-d-1.0', 'a_b_c_d-1.0.tar.gz'],
    ['a_b_c_d', 'B_c.d-1.0rc1', 'a_b_c_d-1.0rc1.tar.gz'],
    ['my_pkg', 'pkg-1.0-cu12', 'my_pkg-1.0+cu12.tar.gz'],
    ['zope.interface', 'interface-7.2', 'zope_interface-7.2.tar.gz'],
    ['foo_2', '2-1.0', 'foo_2-1.0.tar.gz'],
  ])('is put together again from the repository %s and the tag %s', (repository, tag, expected) => {
    expect(namesOf(repository, tag)[0]).toBe(expected);
  });

  it.each([
    ['my', 'pkg-1.0', 'my_pkg-1.0.tar.gz'],
    ['a', 'b-c-1.0', 'a_b_c-1.0.tar.gz'],
  ])('is another project in the repository %s of the cut name, under the tag %s', (repository, tag, expected) => {
    expect(namesOf(repository, tag)).toEqual([expected]);
  });

  it('has both readings, the project of the repository first, where either may be meant', () => {
    expect(namesOf('my_pkg', 'pkg-1.0')).toEqual(['my_pkg-1.0.tar.gz', 'my_pkg_pkg-1.0.tar.gz']);
  });

  it.each([
    ['my_pkg', 'pkg', '1.0-py3-none-any.whl', 'my_pkg-1.0-py3-none-any.whl'],
    ['a_b_c', 'b', 'c-1.0-1-cp312-cp312-win_amd64.whl', 'a_b_c-1.0-1-cp312-cp312-win_amd64.whl'],
    ['my_pkg', 'pkg', '1.0+cu12-py3-none-any.whl', 'my_pkg-1.0+cu12-py3-none-any.whl'],
  ])('of a wheel goes on in the architecture: %s, %s, %s', (repository, tag, architecture, expected) => {
    expect(namesOf(repository, tag, architecture)[0]).toBe(expected);
  });

  it('may have a dash in its version, which PyOCI reads as another one', () => {
    expect(namesOf('foo', '1.0-1')).toContain('foo-1.0.post1.tar.gz');
    expect(namesOf('my_pkg', 'pkg-1.0-1')).toEqual(
      expect.arrayContaining(['my_pkg-1.0+1.tar.gz', 'my_pkg-1.0.post1.tar.gz']),
    );
  });

  it.each([
    ['my_pkg', '1.0', '.tar.gz'],
    ['my_pkg', '1.0-cu12', '.tar.gz'],
    ['my_pkg', '1.0', 'py3-none-any.whl'],
    ['my_pkg', '1.0', '1-py3-none-any.whl'],
    ['my_pkg', 'latest', '.tar.gz'],
    ['my_pkg', 'dev', 'py3-none-any.whl'],
    ['my_pkg', `sha256-${'0a'.repeat(32)}`, '.tar.gz'],
    ['my_pkg', `sha256-${'0a'.repeat(32)}.sig`, '.tar.gz'],
    ['my_pkg', 'pkg-1.0', '.publish.attestation'],
    ['my_pkg', 'pkg-1.0', 'amd64'],
    ['my_pkg', 'pkg', `${'1.0-'.repeat(100_000)}py3-none-any.whl`],
  ])('is not made up: %s, %s, %s', (repository, tag, architecture) => {
    expect(namesOf(repository, tag, architecture)).toEqual([]);
  });
});
