/** Rows of `cases.md`, numbered as there: names, metadata and runs; `cases-archives*.test.ts` have those of archives. */
import { discover } from '../../src/check/discover.js';
import type { SdistOptions, WheelOptions } from '../support/builders.js';
import { judge, judgeEach, type NamedFile, placeOf, sdist, wheel } from '../support/verdict.js';

const HEAD = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n';
const BAD_BYTE = Buffer.from([0xe9]);

/** `foo` 1.0 with exactly this metadata. */
const inWheel = (...parts: readonly (string | Buffer)[]) => wheel({ metadata: joined(parts) });
const inSdist = (...parts: readonly (string | Buffer)[]) => sdist({ metadata: joined(parts) });
const joined = (parts: readonly (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));

/** A file whose name is not the one that its metadata asks for. */
const renamedWheel = (filename: string, options: WheelOptions = {}) => wheel({ ...options, filename });
const renamedSdist = (filename: string, options: SdistOptions = {}) => sdist({ ...options, filename });

async function metadataOf(file: NamedFile) {
  const { verdict, versions } = await judge(file);
  return { verdict, ...versions[0]?.files[0]?.metadata };
}

describe('file names, versions and tags', () => {
  it('case 1: a plain wheel goes to its repository, tag and architecture', async () => {
    const verdict = await judge(wheel());
    expect(verdict).toMatchObject({ verdict: 'OK', problems: [] });
    expect(placeOf(verdict)).toEqual({ repository: 'foo', tag: '1.0', architecture: 'py3-none-any.whl' });
  });

  it('case 2: build tag and compressed tags stay as they are', async () => {
    const tag = 'cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64';
    const verdict = await judge(wheel({ name: 'foo_bar', build: '2', tag }));
    expect(verdict.verdict).toBe('OK');
    expect(placeOf(verdict)).toEqual({ repository: 'foo_bar', tag: '1.0', architecture: `2-${tag}.whl` });
  });

  it('case 3: a dotted name is accepted with a warning and goes where pip looks', async () => {
    for (const file of [
      renamedWheel('Foo.Bar-1.0-py3-none-any.whl', { name: 'Foo.Bar' }),
      renamedSdist('Foo.Bar-1.0.tar.gz', { name: 'Foo.Bar' }),
    ]) {
      const verdict = await judge(file);
      expect(verdict.verdict).toBe('W');
      expect(verdict.said).toContain('"Foo.Bar", it will be served as "foo_bar"');
      expect(placeOf(verdict).repository).toBe('foo_bar');
    }
  });

  it('case 4: the metadata tells where the name of an old sdist ends', async () => {
    for (const [name, repository] of [
      ['foo-bar', 'foo_bar'],
      ['foo-2', 'foo_2'],
    ] as const) {
      const verdict = await judge(renamedSdist(`${name}-1.0.tar.gz`, { name }));
      expect(verdict.verdict).toBe('W');
      expect(placeOf(verdict)).toEqual({ repository, tag: '1.0', architecture: '.tar.gz' });
    }
  });

  it('case 5: a dash in the version is refused, and the cure is its normal form', async () => {
    for (const version of ['1.0-1', '1.0.post1']) {
      const { verdict, said } = await judge(renamedSdist('foo-1.0-1.tar.gz', { version }));
      expect(verdict).toBe('NO');
      expect(said).toContain('set the version to "1.0.post1"');
    }
  });

  it('case 6: a local version makes a tag, unless a dash is in it', async () => {
    expect(await judge(sdist({ version: '1.0+ubuntu-1' }))).toMatchObject({ verdict: 'NO' });
    const verdict = await judge(wheel({ version: '1.0+cu12.d1' }));
    expect(verdict.verdict).toBe('OK');
    expect(placeOf(verdict).tag).toBe('1.0-cu12.d1');
  });

  it('case 7: an epoch is refused by its name', async () => {
    const { verdict, said } = await judge(sdist({ version: '1!2.0' }));
    expect(verdict).toBe('NO');
    expect(said).toContain('epoch');
  });

  it('case 8: a version has 128 characters at most', async () => {
    const version = `1.0+${'a'.repeat(124)}`;
    expect(await judgeEach({ longest: wheel({ version }), longer: wheel({ version: `${version}a` }) })).toEqual({
      longest: 'OK',
      longer: 'NO',
    });
  });

  it('case 9: an odd spelling of the version is the tag, with a warning', async () => {
    const verdict = await judge(renamedWheel('foo-1.0RC1-py3-none-any.whl', { version: '1.0rc1' }));
    expect(verdict.verdict).toBe('W');
    expect(verdict.said).toContain('"1.0rc1"');
    expect(placeOf(verdict).tag).toBe('1.0RC1');
  });

  it('case 10: file name and metadata may spell one version differently', async () => {
    const verdict = await judge(
      renamedWheel('foo-1.0.post1-py3-none-any.whl', { version: '1.0-1', distInfo: 'foo-1.0.post1.dist-info' }),
    );
    expect(verdict.verdict).toBe('OK');
    expect(placeOf(verdict).tag).toBe('1.0.post1');
    expect(await judge(renamedSdist('foo-1.0.tar.gz', { version: '1.0.0' }))).toMatchObject({ verdict: 'OK' });
  });

  it('case 11: file name and metadata must agree', async () => {
    const version = await judge(renamedWheel('foo-1.0-py3-none-any.whl', { version: '1.1' }));
    expect(version.verdict).toBe('NO');
    expect(version.said).toContain('named for version "1.0", its METADATA for "1.1"');
    const name = await judge(renamedSdist('foo-1.0.tar.gz', { name: 'bar' }));
    expect(name.verdict).toBe('NO');
    expect(name.said).toContain('named for project "foo", its PKG-INFO for "bar"');
  });

  it('case 12: one version spelled in two ways in one run is refused, both files named', async () => {
    const { verdict, said, problems } = await judge(sdist({ version: '1.0' }), wheel({ version: '1.0.0' }));
    expect(verdict).toBe('NO');
    expect(problems).toHaveLength(1);
    expect(said).toContain('foo-1.0.tar.gz');
    expect(said).toContain('foo-1.0.0-py3-none-any.whl');
  });

  it('case 13: what looks like a distribution by its extension and is none is refused', async () => {
    const names = [
      'foo-1.0-py3-none-any.WHL',
      'foo-1.0.TAR.GZ',
      'foo-1.0.tgz',
      'foo-1.0.zip',
      'foo-1.0.egg',
      'foo-1.0.tar.bz2',
    ];
    expect(discover(names)).toMatchObject({ distributions: [], problems: names.map((file) => ({ file })) });
    for (const name of names) expect(await judge([name, Buffer.from('x')])).toMatchObject({ verdict: 'NO' });
  });

  it.each([
    [
      'case 14',
      ['foo-latest-py3-none-any.whl', 'foo-1.0_1-py3-none-any.whl', 'foo.tar.gz', 'foo-.tar.gz', '-1.0.tar.gz'],
    ],
    [
      'case 15',
      [
        'foo-1.0-b1-py3-none-any.whl',
        'foo-1.0-py3-none.whl',
        'foo-1.0-1-2-py3-none-any.whl',
        'foo-1.0-py3.-none-any.whl',
        'foo-1.0-py3--any.whl',
      ],
    ],
  ])('%s: a name that does not parse is refused', async (_, names) => {
    expect(discover(names)).toMatchObject({ distributions: [], problems: names.map((file) => ({ file })) });
    for (const name of names) expect(await judge([name, wheel()[1]])).toMatchObject({ verdict: 'NO' });
  });

  it('case 16: characters that no distribution has are refused, in the file name and in Name', async () => {
    const names = [
      'foo-1.0-py3-none-any (1).whl',
      'foo-1.0\n-py3-none-any.whl',
      'foo-1.0-py3-none-any.whl\n',
      'foo-1.0%2Bcu12-py3-none-any.whl',
      'föö-1.0-py3-none-any.whl',
    ];
    expect(discover(names)).toMatchObject({ distributions: [], problems: names.map((file) => ({ file })) });
    const kelvin = await judge(renamedWheel('k-1.0-py3-none-any.whl', { name: '\u212a', distInfo: 'k-1.0.dist-info' }));
    expect(kelvin.verdict).toBe('NO');
    expect(kelvin.said).toContain('no legal project name');
  });
});

describe('metadata', () => {
  it('case 17: any line end, no last one and no body are fine', async () => {
    expect(
      await judgeEach({
        lf: inWheel(HEAD, '\nbody\n'),
        crlf: inWheel(HEAD.replaceAll('\n', '\r\n'), '\r\nbody\r\n'),
        'no final newline': inWheel(HEAD.trimEnd()),
        'no body': inWheel(HEAD),
      }),
    ).toEqual({ lf: 'OK', crlf: 'OK', 'no final newline': 'OK', 'no body': 'OK' });
  });

  it('case 18: folded values are one line', async () => {
    const file = inWheel(HEAD, 'License: MIT\n        and\n\tmore\nClassifier: PyOCI :: Label ::\n  k :: v\n');
    expect(await metadataOf(file)).toMatchObject({ verdict: 'OK', labels: [['k', 'v']] });
  });

  it('case 19: names of fields ignore case', async () => {
    expect(await metadataOf(inWheel(HEAD, 'author-email: a@b.c\nPROJECT-URL: A, https://x\n'))).toMatchObject({
      verdict: 'OK',
      authorEmail: 'a@b.c',
      projectUrls: [['A', 'https://x']],
    });
  });

  it('case 20: an unknown minor version of the metadata is a warning, an unknown major version an error', async () => {
    const ofVersion = (version: string) => inWheel(`Metadata-Version: ${version}\nName: foo\nVersion: 1.0\n`);
    const versions = ['1.0', '2.6', '2.0', '2.9', '3.0', ''];
    expect(await judgeEach(Object.fromEntries(versions.map((version) => [`v${version}`, ofVersion(version)])))).toEqual(
      {
        'v1.0': 'OK',
        'v2.6': 'OK',
        'v2.0': 'W',
        'v2.9': 'W',
        'v3.0': 'NO',
        v: 'NO',
      },
    );
  });

  it('case 21: License-File before its time and UNKNOWN are fine, unknown fields a warning', async () => {
    const file = inWheel(HEAD, 'License-File: LICENSE\nHome-page: UNKNOWN\nProject-URL: UNKNOWN\n');
    expect(await metadataOf(file)).toMatchObject({ verdict: 'OK', homePage: undefined, projectUrls: [] });
    expect(await metadataOf(inWheel(HEAD, 'X-Foo: bar\n'))).toMatchObject({ verdict: 'W' });
  });

  it('case 22: Name and Version are needed', async () => {
    expect(
      await judgeEach({
        name: inWheel('Metadata-Version: 2.1\nVersion: 1.0\n'),
        version: inWheel('Metadata-Version: 2.1\nName: foo\n'),
        all: inWheel(''),
      }),
    ).toEqual({ name: 'NO', version: 'NO', all: 'NO' });
  });

  it('case 23: a second Name is refused even if it is equal, a second Summary warned about', async () => {
    expect(
      await judgeEach({
        equal: inWheel(HEAD, 'Name: foo\n'),
        other: inWheel(HEAD, 'name: bar\n'),
        summary: inWheel(HEAD, 'Summary: a\nSummary: b\n'),
      }),
    ).toEqual({ equal: 'NO', other: 'NO', summary: 'W' });
  });

  it('case 24: fields that Python does not see are not there', async () => {
    expect(
      await judgeEach({
        bom: inWheel('\ufeff', HEAD),
        'blank line': inWheel('\n', HEAD),
        'blank before the colon': inWheel(HEAD.replace('Name:', 'Name :')),
        'no colon': inWheel(HEAD.replace('Version', 'a line\nVersion')),
      }),
    ).toEqual({ bom: 'NO', 'blank line': 'NO', 'blank before the colon': 'NO', 'no colon': 'NO' });
  });

  it('case 25: a lone carriage return and control characters in headers are refused', async () => {
    const controls = { cr: '\rName: bar', nul: '\0', vt: '\v', esc: '\x1b', nel: '\u0085', ls: '\u2028' };
    const files = Object.entries(controls).map(([name, text]) => [name, inWheel(HEAD, `Summary: a${text}\n\nbody`)]);
    expect(await judgeEach(Object.fromEntries(files))).toEqual({
      cr: 'NO',
      nul: 'NO',
      vt: 'NO',
      esc: 'NO',
      nel: 'NO',
      ls: 'NO',
    });
  });

  it('case 26: bytes that are not UTF-8 cost a wheel everything, an sdist only that field', async () => {
    expect(await judge(inWheel(HEAD, 'Author: Ren', BAD_BYTE, '\n'))).toMatchObject({ verdict: 'NO' });
    expect(await metadataOf(inSdist(HEAD, 'Author: Ren', BAD_BYTE, '\n'))).toMatchObject({
      verdict: 'OK',
      author: undefined,
    });
    expect(
      await metadataOf(inSdist(HEAD, 'Project-URL: A, https://x/', BAD_BYTE, '\nProject-URL: B, https://y\n')),
    ).toMatchObject({ verdict: 'W', projectUrls: [['B', 'https://y']] });
    expect(await judge(inSdist('Metadata-Version: 2.1\nName: foo', BAD_BYTE, '\nVersion: 1.0\n'))).toMatchObject({
      verdict: 'NO',
    });
  });

  it('case 27: a blank behind Name and a folded Name are errors', async () => {
    expect(
      await judgeEach({
        blank: inWheel(HEAD.replace('foo', 'foo ')),
        folded: inWheel(HEAD.replace(' foo', '\n foo')),
      }),
    ).toEqual({ blank: 'NO', folded: 'NO' });
  });

  it('case 28: the first comma divides label and URL', async () => {
    expect(await metadataOf(inWheel(HEAD, 'Project-URL: A,https://x\nProject-URL: B, https://x/a,b\n'))).toMatchObject({
      verdict: 'OK',
      projectUrls: [
        ['A', 'https://x'],
        ['B', 'https://x/a,b'],
      ],
    });
    const long = 'l'.repeat(33);
    for (const [url, kept] of [
      ['https://x', []],
      [', https://x', []],
      ['A,', []],
      [`${long}, https://x`, [[long, 'https://x']]],
    ] as const) {
      expect(await metadataOf(inWheel(HEAD, `Project-URL: ${url}\n`))).toMatchObject({
        verdict: 'W',
        projectUrls: kept,
      });
    }
  });

  it('case 29: the last of two URLs with one label counts, and no label is lost or moved', async () => {
    expect(await metadataOf(inWheel(HEAD, 'Project-URL: A, https://1\nProject-URL: A, https://2\n'))).toMatchObject({
      verdict: 'W',
      projectUrls: [['A', 'https://2']],
    });
    expect(
      await metadataOf(
        inWheel(HEAD, 'Project-URL: __proto__, https://p\nProject-URL: 2, https://2\nProject-URL: 1, https://1\n'),
      ),
    ).toMatchObject({
      verdict: 'OK',
      projectUrls: [
        ['__proto__', 'https://p'],
        ['2', 'https://2'],
        ['1', 'https://1'],
      ],
    });
  });

  it('case 30: a label is divided at the first double colon behind its key', async () => {
    const labelled = (classifier: string) => metadataOf(inWheel(HEAD, `Classifier: ${classifier}\n`));
    expect(await labelled('PyOCI :: Label :: k :: a :: b')).toMatchObject({ verdict: 'OK', labels: [['k', 'a :: b']] });
    expect(await labelled('PyOci :: Label :: k :: v')).toMatchObject({ verdict: 'OK', labels: [['k', 'v']] });
    expect(await labelled('PyOCI :: Label :: k')).toMatchObject({ verdict: 'W', labels: [] });
    expect(await labelled('pyoci :: label :: k :: v')).toMatchObject({ verdict: 'OK', labels: [] });
  });

  it('case 31: METADATA may be long, but not over 4 MiB', async () => {
    const filled = (size: number) => inWheel(`${HEAD}\n`.padEnd(size, 'line\n'));
    expect(await judgeEach({ long: filled(233_000), longest: filled(4 << 20), longer: filled((4 << 20) + 1) })).toEqual(
      {
        long: 'OK',
        longest: 'OK',
        longer: 'NO',
      },
    );
  });

  it('case 32: the body is never read, but a wheel has to be UTF-8 as a whole', async () => {
    expect(
      await judgeEach({
        headers: inWheel(HEAD, '\nName: bar\nVersion: 2.0\nProject-URL: x\n'),
        'sdist in Latin-1': inSdist(HEAD, '\nRen', BAD_BYTE, '\r\0\n'),
        'wheel in Latin-1': inWheel(HEAD, '\nRen', BAD_BYTE, '\n'),
      }),
    ).toEqual({ headers: 'OK', 'sdist in Latin-1': 'OK', 'wheel in Latin-1': 'NO' });
  });

  it('case 62: the metadata of an old sdist, full of UNKNOWN, is fine', async () => {
    const fields = ['Summary', 'Home-page', 'Author', 'Author-email', 'License', 'Description', 'Platform'];
    const file = inSdist(HEAD.replace('2.1', '1.0'), fields.map((field) => `${field}: UNKNOWN\n`).join(''));
    expect(await metadataOf(file)).toMatchObject({
      verdict: 'OK',
      summary: undefined,
      author: undefined,
      authorEmail: undefined,
      homePage: undefined,
    });
  });
});

describe('the folder of a wheel', () => {
  it('case 35: carries the name of its project', async () => {
    const { verdict, said } = await judge(wheel({ distInfo: 'bar-1.0.dist-info' }));
    expect(verdict).toBe('NO');
    expect(said).toContain('its folder is "bar-1.0.dist-info", expected "foo-1.0.dist-info"');
  });

  it('case 36: may spell name and version in its own way', async () => {
    expect(await judge(wheel({ version: '1.0rc1', distInfo: 'Foo-1.0RC1.dist-info' }))).toMatchObject({
      verdict: 'OK',
    });
  });
});

describe('the files of a run', () => {
  it('case 64: bookkeeping of build tools is nothing to publish, and a file that two patterns match counts once', () => {
    expect(discover(['dist/.gitignore', 'dist/foo-1.0.tar.gz.asc', 'dist/foo-1.0.tar.gz.publish.attestation'])).toEqual(
      {
        distributions: [],
        attachments: ['dist/foo-1.0.tar.gz.publish.attestation'],
        problems: [],
        passedOver: [],
      },
    );
    expect(discover(['dist/foo-1.0.tar.gz', 'dist/foo-1.0.tar.gz']).distributions).toEqual(['dist/foo-1.0.tar.gz']);
  });

  it('case 65: a file that lies in two folders counts once, two files of one name are refused', async () => {
    const [name, bytes] = wheel();
    const same = await judge([`a/${name}`, bytes], [`b/${name}`, bytes]);
    expect(same.verdict).toBe('OK');
    expect(same.versions.map(({ files }) => files.length)).toEqual([1]);
    const other = await judge([`a/${name}`, bytes], [`b/${name}`, wheel({ summary: 'other' })[1]]);
    expect(other.verdict).toBe('NO');
    expect(other.said).toMatch(/sha256:[0-9a-f]{64} here, sha256:[0-9a-f]{64} there/);
  });

  it('case 66: all 169 files of one version are one group, to be listed with one write', async () => {
    const files = Array.from({ length: 169 }, (_, at) => wheel({ tag: `cp3${at}-cp3${at}-any` }));
    const { verdict, versions } = await judge(...files);
    expect(verdict).toBe('OK');
    expect(versions.map((group) => group.files.length)).toEqual([169]);
  });
});
