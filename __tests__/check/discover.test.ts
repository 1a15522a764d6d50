import { deeperHint, discover, neighboursOf } from '../../src/check/discover.js';

describe('of the files that patterns match', () => {
  it('distributions are kept, each once and in their order', () => {
    const paths = ['dist/foo-1.0.tar.gz', 'dist/foo-1.0-py3-none-any.whl', 'dist/foo-1.0.tar.gz'];
    expect(discover(paths)).toEqual({
      distributions: paths.slice(0, 2),
      attachments: [],
      problems: [],
      passedOver: [],
    });
  });

  it('those that look like distributions and are none are problems, with the cure', () => {
    const paths = ['dist/foo-1.0.zip', 'dist/foo-1.0-py3-none-any.WHL', 'dist/foo.whl', 'dist/foo-1.0.zip'];
    const { distributions, problems, passedOver } = discover(paths);
    expect({ distributions, passedOver }).toEqual({ distributions: [], passedOver: [] });
    expect(problems.map(({ file }) => file)).toEqual(paths.slice(0, 3));
    for (const problem of problems) expect(problem).toMatchObject({ severity: 'error', hint: expect.any(String) });
  });

  it('those named after a distribution, with a suffix that says what they are, are to be attached', () => {
    const paths = [
      'dist/foo-1.0.tar.gz.publish.attestation',
      'dist/foo-1.0-py3-none-any.whl.slsa.attestation',
      'dist/foo-1.0.tar.gz.sigstore.json',
      'dist/foo-1.0.tar.gz.cdx.json',
      'dist/foo-1.0.tar.gz.spdx.json',
    ];
    const others = ['dist/foo.publish.attestation', 'dist/foo-1.0.tar.gz.json', 'dist/foo-1.0.zip.cdx.json'];
    expect(discover([...paths, ...paths, ...others])).toEqual({
      distributions: [],
      attachments: paths,
      problems: [],
      passedOver: others,
    });
  });

  it('others are passed over, those that build tools and signers leave without a word', () => {
    const paths = ['dist/README.md', 'dist/.gitignore', 'dist/foo-1.0.tar.gz.asc', 'dist/x.gitignore'];
    expect(discover(paths)).toEqual({
      distributions: [],
      attachments: [],
      problems: [],
      passedOver: ['dist/README.md', 'dist/x.gitignore'],
    });
  });

  it('the folder does not matter, only the name', () => {
    expect(discover(['foo.zip/foo-1.0.tar.gz', 'foo-1.0.tar.gz/NOTES']).problems).toEqual([]);
  });
});

it('what lies beside distributions under their names is told apart by its suffix', () => {
  const distributions = ['dist/foo-1.0.tar.gz', 'dist/foo-1.0-py3-none-any.whl'];
  const siblings = [
    ...distributions,
    'dist/foo-1.0.tar.gz.cdx.json',
    'dist/foo-1.0.tar.gz.build.attestation',
    'dist/foo-1.0.tar.gz.asc',
    'dist/foo-2.0.tar.gz.cdx.json',
    'dist/foo-1.0.tar.gzip.cdx.json',
    'other/foo-1.0.tar.gz.cdx.json',
    'dist/foo-1.0-py3-none-any.whl.publish.attestation',
  ];
  expect(neighboursOf(distributions, siblings)).toEqual({
    attachments: ['dist/foo-1.0.tar.gz.cdx.json', 'dist/foo-1.0-py3-none-any.whl.publish.attestation'],
    unknown: ['dist/foo-1.0.tar.gz.build.attestation'],
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
