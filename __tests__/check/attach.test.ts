import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToAttach } from '../../src/check/attach.js';
import { inspectFiles } from '../../src/check/check.js';
import {
  aBundle,
  aCycloneDx,
  anAttestation,
  anSpdx,
  aSignature,
  subjectOf,
  type TestSubject,
} from '../support/attachments.js';
import { anSdist, aWheel, sdistFile, wheelFile } from '../support/builders.js';

const WHEEL = 'foo-1.0-py3-none-any.whl';
const SDIST = 'foo-1.0.tar.gz';

let folder: string;
let files: readonly string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attach-'));
  files = [await wheelFile(folder), await sdistFile(folder)];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const wheel = (): TestSubject => subjectOf(WHEEL, aWheel());
const sdist = (): TestSubject => subjectOf(SDIST, anSdist());
const OTHER: TestSubject = { name: 'bar-2.0.tar.gz', sha256: 'b'.repeat(64) };

/** Writes a file into the folder; objects become JSON. */
async function put(name: string, content: object | string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

async function inspect(given: Partial<ToAttach>, paths = files) {
  const { versions, problems } = await inspectFiles(paths, new AbortController().signal, {
    beside: [],
    named: [],
    ...given,
  });
  const told = problems.map(({ file, message, hint }) => ({ file: file.slice(folder.length + 1), message, hint }));
  const attached = versions.map(({ project, version, files: own, attachments = [] }) => ({
    version: `${project} ${version.spelled} ${own.length}`,
    attachments: attachments.map(({ filename, type, architecture, about }) => [
      filename,
      type,
      architecture,
      about?.sha256,
    ]),
  }));
  return { told, attached, versions };
}

async function refused(given: Partial<ToAttach>, paths = files) {
  const { told } = await inspect(given, paths);
  expect(told).toHaveLength(1);
  return told[0] ?? { file: '', message: '', hint: '' };
}

describe('what lies beside a file under its name', () => {
  it.each([
    ['.publish.attestation', () => anAttestation([wheel()]), 'attestation', 'application/vnd.pypi.attestation.v1+json'],
    ['.slsa.attestation', () => anAttestation([wheel()]), 'attestation', 'application/vnd.pypi.attestation.v1+json'],
    ['.sigstore.json', () => aBundle([wheel()]), 'attestation', 'application/vnd.dev.sigstore.bundle.v0.3+json'],
    ['.sigstore.json', () => aSignature(aWheel()), 'signature', 'application/vnd.dev.sigstore.bundle.v0.3+json'],
    ['.cdx.json', () => aCycloneDx(), 'sbom', 'application/vnd.cyclonedx+json'],
    ['.spdx.json', () => anSpdx(), 'sbom', 'application/spdx+json'],
  ])('as FILE%s is attached to it', async (suffix, content, type, mediaType) => {
    const path = await put(`${WHEEL}${suffix}`, content());
    const { told, versions } = await inspect({ beside: [path] });
    expect(told).toEqual([]);
    expect(versions[0]?.attachments).toMatchObject([
      {
        path,
        filename: `${WHEEL}${suffix}`,
        type,
        mediaType,
        architecture: `-py3-none-any.whl${suffix}`,
        about: {
          filename: WHEEL,
          architecture: 'py3-none-any.whl',
          // An SBOM does not say it, so that the file need not be read for it.
          sha256: type === 'sbom' ? undefined : wheel().sha256,
        },
      },
    ]);
  });

  it('goes by the architecture of the sdist, without a dash, for an sdist', async () => {
    const path = await put(`${SDIST}.publish.attestation`, anAttestation([sdist()]));
    expect((await inspect({ beside: [path] })).attached).toEqual([
      {
        version: 'foo 1.0 2',
        attachments: [[`${SDIST}.publish.attestation`, 'attestation', '.tar.gz.publish.attestation', sdist().sha256]],
      },
    ]);
  });

  it('may be a bundle about several files, if this one is among them', async () => {
    const path = await put(`${WHEEL}.sigstore.json`, aBundle([OTHER, wheel()]));
    expect((await inspect({ beside: [path] })).attached[0]?.attachments).toHaveLength(1);
  });

  it('may name the file as a signer normalises it', async () => {
    const old = await wheelFile(folder, { name: 'Foo.Bar', filename: 'Foo.Bar-1.0-py3-none-any.whl' });
    const subject = { ...subjectOf('', aWheel({ name: 'Foo.Bar' })), name: 'foo_bar-1.0-py3-none-any.whl' };
    const path = await put('Foo.Bar-1.0-py3-none-any.whl.publish.attestation', anAttestation([subject]));
    expect((await inspect({ beside: [path] }, [old])).told.filter(({ file }) => file.endsWith('attestation'))).toEqual(
      [],
    );
  });

  it('makes a version without files where its file is not here, and takes the digest of its statement', async () => {
    const path = await put(
      'bar-2.0-py3-none-any.whl.publish.attestation',
      anAttestation([{ ...OTHER, name: 'bar-2.0-py3-none-any.whl' }]),
    );
    expect((await inspect({ beside: [path] }, [])).attached).toEqual([
      {
        version: 'bar 2.0 0',
        attachments: [[expect.any(String), 'attestation', '-py3-none-any.whl.publish.attestation', OTHER.sha256]],
      },
    ]);
  });

  it('is said to have no home where its name can be read in two ways and its file is not here', async () => {
    const path = await put('foo-2-1.tar.gz.cdx.json', aCycloneDx());
    expect((await refused({ beside: [path] }, [])).message).toContain('does not tell where the project ends');
  });
});

describe('an attestation', () => {
  const beside = async (content: object | string | Buffer, name = `${WHEEL}.publish.attestation`) =>
    refused({ beside: [await put(name, content)] });

  it('of another file is refused, and both are named', async () => {
    expect(await beside(anAttestation([OTHER]))).toMatchObject({
      file: `${WHEEL}.publish.attestation`,
      message: `it is about bar-2.0.tar.gz, and lies beside ${WHEEL}`,
      hint: expect.stringContaining('beside the file that it is about'),
    });
  });

  it('of other bytes is refused, with both digests', async () => {
    const { message, hint } = await beside(anAttestation([{ name: WHEEL, sha256: 'c'.repeat(64) }]));
    expect(message).toBe(
      `it is about ${WHEEL} with sha256:${'c'.repeat(64)}, and that file has sha256:${wheel().sha256}`,
    );
    expect(hint).toContain('after the last step that builds');
  });

  it('of two files is refused: such a bundle belongs to the version', async () => {
    const { message, hint } = await beside(anAttestation([wheel(), sdist()]));
    expect(message).toBe(`its statement is about 2 files (${WHEEL}, ${SDIST}), expected one`);
    expect(hint).toContain('attestation=FILE');
  });

  it.each([
    ['no JSON', 'signed, sealed, delivered', /^it is not JSON, expected one JSON object/],
    ['cut off', '{"version":1,', /^it is not JSON/],
    ['a list', '[]', /^it is no JSON object/],
    ['empty', '', /^it is empty/],
    ['something else', '{"a":1}', /^it is no attestation of PEP 740: it has no "envelope"/],
    ['of a later version', JSON.stringify({ ...anAttestation([OTHER]), version: 2 }), /^its version is 2, expected 1/],
    [
      'without a statement',
      JSON.stringify({ version: 1, verification_material: {}, envelope: {} }),
      /no in-toto statement/,
    ],
    [
      'without a digest',
      JSON.stringify(anAttestation([{ name: WHEEL, sha256: 'nonsense' }])),
      /does not give the SHA-256/,
    ],
  ])('that is %s is refused', async (_, content, message) => {
    expect((await beside(content)).message).toMatch(message);
  });

  it('of 50 MiB is refused before it is read', async () => {
    const path = await put(`${WHEEL}.publish.attestation`, '{');
    await truncate(path, 50 * 1024 * 1024);
    expect((await refused({ beside: [path] })).message).toBe('it has 50.0 MiB, and an attachment at most 16.0 MiB');
  });

  it('that is a link is refused, wherever it leads', async () => {
    const secret = await put('secret.json', anAttestation([wheel()]));
    const path = join(folder, `${WHEEL}.publish.attestation`);
    await symlink(secret, path);
    expect((await refused({ beside: [path] })).message).toBe('it is a symbolic link, expected a file');
  });

  it('that is a folder, or not there, or not to be read, is refused', async () => {
    const path = join(folder, `${WHEEL}.publish.attestation`);
    expect((await refused({ beside: [path] })).message).toContain('it does not exist');
    await mkdir(path);
    expect((await refused({ beside: [path] })).message).toContain('not a regular file');
    await rm(path, { recursive: true });
    await put(`${WHEEL}.publish.attestation`, anAttestation([wheel()]));
    await chmod(path, 0);
    const { told } = await inspect({ beside: [path] });
    // Root may read everything.
    expect(told.map(({ message }) => message)).toEqual(
      process.getuid?.() === 0 ? [] : [expect.stringContaining('this user may not read it')],
    );
  });

  it('beside a bundle of one name says what each of them is', async () => {
    expect((await beside(aBundle([wheel()]))).hint).toContain('.sigstore.json');
    const { message, hint } = await beside(anAttestation([wheel()]), `${WHEEL}.sigstore.json`);
    expect([message, hint]).toEqual([
      expect.stringContaining('no Sigstore bundle'),
      expect.stringContaining('.publish.attestation'),
    ]);
  });
});

describe('a bundle or an SBOM', () => {
  it.each([
    [
      'a bundle of other files',
      '.sigstore.json',
      () => aBundle([OTHER, { ...OTHER, name: 'x' }]),
      /is about bar-2\.0\.tar\.gz, x, expected foo/,
    ],
    [
      'a bundle of one other file',
      '.sigstore.json',
      () => aBundle([OTHER]),
      /it is about bar-2\.0\.tar\.gz, and lies beside foo/,
    ],
    [
      'a signature of other bytes',
      '.sigstore.json',
      () => aSignature(Buffer.from('x')),
      /it is about foo.* with sha256:/,
    ],
    [
      'a bundle of nothing',
      '.sigstore.json',
      () => ({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }),
      /neither a statement nor/,
    ],
    ['SPDX under the name of CycloneDX', '.cdx.json', () => anSpdx(), /it is SPDX, and its name says otherwise/],
    ['no SBOM', '.spdx.json', () => ({ a: 1 }), /neither CycloneDX nor SPDX/],
  ])('that is %s is refused', async (_, suffix, content, message) => {
    const path = await put(`${WHEEL}${suffix}`, content());
    expect((await refused({ beside: [path] })).message).toMatch(message);
  });
});

describe('what is named for a version', () => {
  const named = (type: string, path: string) => ({ named: [{ type, path }] });

  it('goes by its suffix alone, and keeps its name, blanks and other letters included', async () => {
    const sbom = await put('Stückliste der Software.json', aCycloneDx());
    expect((await inspect(named('sbom', sbom))).attached[0]?.attachments).toEqual([
      ['Stückliste der Software.json', 'sbom', '.cdx.json', undefined],
    ]);
  });

  it('may be anything under a word of the user', async () => {
    const notes = await put('NOTES.md', 'Thanks.');
    expect((await inspect(named('notes', notes))).attached[0]?.attachments).toEqual([
      ['NOTES.md', 'notes', '.notes', undefined],
    ]);
  });

  it('and is a bundle about several files has a place of its own, the same whenever it is about the same ones', async () => {
    const places = async (subjects: readonly TestSubject[], sig: string) => {
      const path = await put('attestation.json', aBundle(subjects, sig));
      return (await inspect(named('attestation', path))).attached[0]?.attachments.map(
        ([, , architecture]) => architecture,
      );
    };
    const first = await places([wheel(), sdist()], 'a');
    expect(first).toEqual([expect.stringMatching(/^\.[0-9a-f]{12}\.sigstore\.json$/)]);
    expect(await places([sdist(), wheel()], 'b')).toEqual(first);
    expect(await places([wheel(), OTHER], 'a')).not.toEqual(first);
  });

  it('and is a bundle about one file belongs to that file', async () => {
    const path = await put('attestation.json', aBundle([wheel()]));
    expect((await inspect(named('attestation', path))).attached[0]?.attachments).toEqual([
      ['attestation.json', 'attestation', '-py3-none-any.whl.sigstore.json', wheel().sha256],
    ]);
  });

  it('and is a bundle goes to each version whose files it is about', async () => {
    const bar = await wheelFile(folder, { name: 'bar' });
    const subject = subjectOf('bar-1.0-py3-none-any.whl', aWheel({ name: 'bar' }));
    const path = await put('attestation.json', aBundle([wheel(), subject]));
    const { attached, told } = await inspect(named('attestation', path), [...files, bar]);
    expect(told).toEqual([]);
    expect(attached.map(({ version, attachments }) => [version, attachments.length])).toEqual([
      ['bar 1.0 1', 1],
      ['foo 1.0 2', 1],
    ]);
  });

  it.each([
    [
      'a bundle about none of the files',
      'attestation',
      () => aBundle([OTHER]),
      /it is about bar-2\.0\.tar\.gz, and none of these is published here/,
    ],
    [
      'a bundle of a file that was built again',
      'attestation',
      () => aBundle([{ name: WHEEL, sha256: 'd'.repeat(64) }, sdist()]),
      /it is about foo-1\.0-py3-none-any\.whl with sha256:d+, and that file has/,
    ],
    ['an attestation of PEP 740', 'attestation', () => anAttestation([wheel()]), /no Sigstore bundle/],
    [
      'an attestation given as a signature',
      'signature',
      () => aBundle([wheel()]),
      /it holds an attestation, and was given as signature/,
    ],
    [
      'several bundles, one a line',
      'attestation',
      () => `${JSON.stringify(aBundle([wheel()]))}\n${JSON.stringify(aBundle([sdist()]))}\n`,
      /it holds 2 JSON texts, one a line/,
    ],
    ['no SBOM', 'sbom', () => ({ a: 1 }), /neither CycloneDX nor SPDX/],
  ])('and is %s is refused', async (_, type, content, message) => {
    const path = await put('given.json', content());
    expect((await refused(named(type, path))).message).toMatch(message);
  });

  it('and is no bundle needs to be told which version it is for', async () => {
    const path = await put('sbom.json', aCycloneDx());
    const several = await refused(named('sbom', path), [...files, await wheelFile(folder, { version: '2.0' })]);
    expect(several.message).toBe('it could belong to foo 1.0, foo 2.0: several versions are published here');
    expect((await refused(named('sbom', path), [])).message).toContain('there is no version to attach it to');
  });
});

describe('two attachments', () => {
  it('of one kind for one file are refused, unless they are the same', async () => {
    const first = await put(`${WHEEL}.cdx.json`, aCycloneDx());
    await mkdir(join(folder, 'again'));
    const second = await put(`again/${WHEEL}.cdx.json`, aCycloneDx('urn:uuid:2'));
    const told = await refused({ beside: [first, second] });
    expect(told.message).toBe(
      `it would take the place of ${second}: ${WHEEL} can have one attachment of this kind`.replace(
        second,
        told.file.startsWith('again') ? first : second,
      ),
    );
    await put(`again/${WHEEL}.cdx.json`, aCycloneDx());
    expect((await inspect({ beside: [first, second] })).attached[0]?.attachments).toHaveLength(1);
  });

  it('of the same bytes for two files of one project are refused', async () => {
    const first = await put(`${WHEEL}.cdx.json`, aCycloneDx());
    const second = await put(`${SDIST}.cdx.json`, aCycloneDx());
    expect(await refused({ beside: [first, second] })).toMatchObject({
      message: expect.stringContaining(`it has the same bytes as ${first}`),
      hint: expect.stringContaining('a serial number or a time'),
    });
  });
});
