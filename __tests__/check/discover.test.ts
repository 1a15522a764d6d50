import { deeperHint, discover } from '../../src/check/discover.js';

describe('of the files that patterns match', () => {
  it('distributions are kept, each once and in their order', () => {
    const paths = ['dist/foo-1.0.tar.gz', 'dist/foo-1.0-py3-none-any.whl', 'dist/foo-1.0.tar.gz'];
    expect(discover(paths)).toEqual({ distributions: paths.slice(0, 2), problems: [], passedOver: [] });
  });

  it('those that look like distributions and are none are problems, with the cure', () => {
    const paths = ['dist/foo-1.0.zip', 'dist/foo-1.0-py3-none-any.WHL', 'dist/foo.whl', 'dist/foo-1.0.zip'];
    const { distributions, problems, passedOver } = discover(paths);
    expect({ distributions, passedOver }).toEqual({ distributions: [], passedOver: [] });
    expect(problems.map(({ file }) => file)).toEqual(paths.slice(0, 3));
    for (const problem of problems) expect(problem).toMatchObject({ severity: 'error', hint: expect.any(String) });
  });

  it('others are passed over, those that build tools and signers leave without a word', () => {
    expect(
      discover([
        'dist/README.md',
        'dist/.gitignore',
        'dist/foo-1.0.tar.gz.asc',
        'dist/foo-1.0.tar.gz.publish.attestation',
        'dist/x.gitignore',
        'dist/foo-1.0.tar.gz.sigstore.json',
      ]),
    ).toEqual({
      distributions: [],
      problems: [],
      passedOver: ['dist/README.md', 'dist/x.gitignore', 'dist/foo-1.0.tar.gz.sigstore.json'],
    });
  });

  it('the folder does not matter, only the name', () => {
    expect(discover(['foo.zip/foo-1.0.tar.gz', 'foo-1.0.tar.gz/NOTES']).problems).toEqual([]);
  });
});

describe('where nothing was matched', () => {
  const wheel = 'foo-1.0-py3-none-any.whl';
  const sdist = 'foo-1.0.tar.gz';

  it.each<readonly [string, readonly string[], string]>([
    [
      'one folder for each artifact',
      [`dist/${wheel}/${wheel}`, `dist/${sdist}/${sdist}`],
      'dist/*/*.tar.gz and dist/*/*.whl',
    ],
    ['artifacts of other names', [`dist/linux/${wheel}`, `dist/macos/${wheel}`], 'dist/*/*.whl'],
    ['artifacts at the top', [`${wheel}/${wheel}`], '*/*.whl'],
    ['another folder', [`wheelhouse/${wheel}`, `wheelhouse/${sdist}`], 'wheelhouse/*.tar.gz and wheelhouse/*.whl'],
    ['the top', [wheel], '*.whl'],
    ['the top, spelled with a dot', [`./${wheel}`], '*.whl'],
    ['deep folders', [`out/a/b/${wheel}`], 'out/a/*/*.whl'],
    ['an absolute path', [`/srv/dist/${wheel}/${wheel}`], '/srv/dist/*/*.whl'],
    ['many places', ['a/b', 'c', 'd/e', 'f/g/h', 'i/j'].map((folder) => `out/${folder}/${wheel}`), 'out/**/*.whl'],
    [
      'many places with nothing in common',
      [...['a/b/c', 'c', 'd/e/f', 'f/g/h'].map((folder) => `${folder}/${wheel}`), `x/y/${sdist}`],
      '**/*.tar.gz and **/*.whl',
    ],
  ])('the pattern is told for distributions in %s', (_, paths, patterns) => {
    expect(deeperHint(paths)).toMatch(/^(one distribution lies|\d+ distributions lie) elsewhere, /);
    expect(deeperHint(paths)).toContain(`${paths[0]} for one; `);
    expect(deeperHint(paths)?.endsWith(` set \`files\` to ${patterns}`)).toBe(true);
  });

  it('other files are no help', () => {
    expect(deeperHint([])).toBeUndefined();
    expect(deeperHint(['dist/x/README.md', 'dist/x/foo-1.0.zip'])).toBeUndefined();
  });
});
