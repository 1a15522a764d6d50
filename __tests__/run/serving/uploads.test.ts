import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { digestOf, hexOf } from '../../../src/core/digest.js';
import { encode } from '../../../src/oci/document.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import { systemClock } from '../../../src/run/machine/system.js';
import type { Uploads } from '../../../src/run/serving/serve-run.js';
import { openUploads } from '../../../src/run/serving/uploads.js';
import type { ServeEvent } from '../../../src/serve/event.js';
import { type IndexServer, startIndexServer } from '../../../src/serve/index-server.js';
import { OwnedNames } from '../../../src/simple/owned-names.js';
import { anAttestation, subjectOf } from '../../support/attachments.js';
import { anSdist, aWheel, sdistName, type WheelOptions, wheelName } from '../../support/builders.js';
import { JOB, testFace } from '../../support/face.js';
import { JumpingClock } from '../../support/jumping-clock.js';
import { startRegistry, type TestRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const PASSWORD = 'correct horse';
const OPTIONS = { name: 'my-foo' };
const WHEEL = { filename: wheelName(OPTIONS), bytes: aWheel(OPTIONS) };
const OTHER = { filename: WHEEL.filename, bytes: aWheel({ ...OPTIONS, summary: 'another one' } as WheelOptions) };
const SDIST = { filename: sdistName(OPTIONS), bytes: anSdist(OPTIONS) };

interface Sent {
  readonly filename: string;
  readonly bytes: Buffer;
}

/** The field with an attestation for each of these files. */
function attested(...files: readonly Sent[]): Readonly<Record<string, string>> {
  const list = files.map(({ filename, bytes }) => anAttestation([subjectOf(filename, bytes)], `signature ${filename}`));
  return { attestations: JSON.stringify(list) };
}

/** The form as twine sends it: fields first, the file last. */
function formOf(file: Sent | undefined, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  const all = { ':action': 'file_upload', protocol_version: '1', name: 'my-foo', version: '1.0', ...fields };
  for (const [name, value] of Object.entries(all)) form.append(name, value);
  if (file) form.append('content', new Blob([file.bytes]), file.filename);
  return form;
}

describe('uploads', () => {
  let registry: TestRegistry;
  let uploads: Uploads;
  let server: IndexServer;
  let events: ServeEvent[];
  let folder: string;
  const clock = new JumpingClock();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-uploads-'));
    registry = await startRegistry();
    events = [];
    const owned = new OwnedNames(['my-*'], 'o', registry.host);
    const origin = { host: registry.host, scheme: 'http' } as const;
    const login = { githubToken: undefined, username: undefined, password: undefined };
    const settings = { place: { kind: 'registry', origin, namespace: 'o' }, login } as const;
    uploads = await openUploads(settings, owned, undefined, {
      ...testFace([], { env: { ...JOB, TMPDIR: folder } }),
      clock,
    });
    server = await startIndexServer({
      store: storeOn(registry),
      owned,
      path: 'r/o',
      fallback: undefined,
      password: PASSWORD,
      nonce: 'n',
      port: 0,
      takeUpload: uploads.take,
      clock: systemClock,
      signal: new AbortController().signal,
      onEvent: (event) => void events.push(event),
    });
  });
  afterEach(async () => {
    await server.close(0);
    await uploads.close();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
    await registry.stop();
  });

  const authorization = `Basic ${Buffer.from(`any:${PASSWORD}`).toString('base64')}`;
  const post = async (
    body: FormData | string,
    headers: Record<string, string> = { authorization },
    method = 'POST',
  ) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/r/o/legacy/`, { method, body, headers });
    return { status: answer.status, title: answer.statusText, body: await answer.text() };
  };
  const listed = () => registry.index('o/my_foo', '1.0').manifests.map((entry) => entry.platform?.architecture);

  it('are published, listed at once, and found unchanged when they come again', async () => {
    const page = () =>
      fetch(`http://127.0.0.1:${server.port}/r/o/simple/my-foo/`, { headers: { authorization } }).then((it) =>
        it.text(),
      );
    expect(await page()).not.toContain(WHEEL.filename);
    const first = await post(formOf(WHEEL, { sha256_digest: hexOf(digestOf(WHEEL.bytes)) }));
    expect(first).toMatchObject({ status: 200 });
    expect(JSON.parse(first.body)).toEqual({
      ok: true,
      file: WHEEL.filename,
      project: 'my-foo',
      image: `${registry.host}/o/my_foo:1.0`,
      status: 'published',
    });
    expect(await page()).toContain(WHEEL.filename);
    expect(await post(formOf(SDIST))).toMatchObject({ status: 200 });
    expect(listed()).toEqual(['py3-none-any.whl', '.tar.gz']);
    const writes = registry.writes.length;
    expect(JSON.parse((await post(formOf(WHEEL))).body)).toMatchObject({ status: 'unchanged' });
    expect(registry.writes.length).toBe(writes);
    expect(events.filter(({ kind }) => kind === 'uploaded')).toHaveLength(3);
  });

  it('of one moment share a write of the index', async () => {
    const many = Array.from({ length: 24 }, (_, at) => {
      const options = { ...OPTIONS, tag: `cp3${at}-none-any` };
      return { filename: wheelName(options), bytes: aWheel(options) };
    });
    const answers = await Promise.all(many.map((file) => post(formOf(file))));
    expect(answers.map(({ status }) => status)).toEqual(many.map(() => 200));
    expect(listed()).toHaveLength(24);
    const tagged = registry.writes.filter(({ path }) => path.endsWith('/manifests/1.0'));
    expect(tagged.length).toBeLessThan(12);
  });

  it('that another publisher has cost are put back before the index ends', async () => {
    const store = storeOn(registry);
    // What a publisher writes that read the tag before it held anything: between our look at it and the end.
    const overwrite = async (): Promise<void> => {
      const { mediaType, artifactType } = registry.index('o/my_foo', '1.0');
      const empty = encode({ schemaVersion: 2, mediaType, artifactType, manifests: [] });
      await store.repository(parseRepositoryName('o/my_foo')).putTag(parseTag('1.0'), empty);
    };
    registry.after('PUT', /manifests\/1\.0$/, () => registry.after('GET', /manifests\/1\.0$/, overwrite));
    expect(await post(formOf(WHEEL))).toMatchObject({ status: 200 });
    expect(await uploads.close()).toEqual([]);
    store.close();
    expect(registry.writes.filter(({ path }) => path.endsWith('/manifests/1.0'))).toHaveLength(3);
    expect(listed()).toEqual(['py3-none-any.whl']);
  });

  it('with attestations are listed with them, which stay as they are when they come again signed anew', async () => {
    expect(await post(formOf(WHEEL, attested(WHEEL)))).toMatchObject({ status: 200 });
    expect(listed()).toEqual(['py3-none-any.whl', '-py3-none-any.whl.publish.attestation']);
    const again = JSON.stringify([anAttestation([subjectOf(WHEEL.filename, WHEEL.bytes)], 'another')]);
    const answer = await post(formOf(WHEEL, { attestations: again }));
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'unchanged' });
    expect(await post(formOf(SDIST, attested(SDIST)))).toMatchObject({ status: 200 });
    expect(listed()).toEqual([
      'py3-none-any.whl',
      '.tar.gz',
      '-py3-none-any.whl.publish.attestation',
      '.tar.gz.publish.attestation',
    ]);
  });

  it('with other bytes than those that stand are refused with both digests', async () => {
    await post(formOf(WHEEL));
    const [there, here] = [WHEEL, OTHER].map(({ bytes }) => `sha256:${hexOf(digestOf(bytes))}`);
    const answer = await post(formOf(OTHER));
    expect(answer).toMatchObject({
      status: 400,
      title: `File already exists: ${there} is published, ${here} was sent`,
    });
    expect(answer.body).toContain('raise the version');
  });

  it('of two files of one name at the same moment, one is taken', async () => {
    const answers = await Promise.all([post(formOf(WHEEL)), post(formOf(OTHER)), post(formOf(SDIST))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 400]);
    expect(listed().toSorted()).toEqual(['.tar.gz', 'py3-none-any.whl']);
  });

  const FOREIGN = { filename: 'other-1.0-py3-none-any.whl', bytes: aWheel({ name: 'other' }) };
  const BROKEN = { filename: WHEEL.filename, bytes: WHEEL.bytes.subarray(0, 200) };
  it.each<[string, FormData | string, number, RegExp]>([
    ['no form', 'hello', 400, /^Not an upload: it is no form of multipart/],
    [
      'another action',
      formOf(WHEEL, { ':action': 'doc_upload' }),
      400,
      /:action is "doc_upload", expected "file_upload"/,
    ],
    ['no file', formOf(undefined), 400, /the field "content" is missing/],
    ['another hash', formOf(WHEEL, { sha256_digest: 'a'.repeat(64) }), 400, /not what its sha256_digest says/],
    ['another name', formOf(WHEEL, { name: 'my-bar' }), 400, /The form is of another file: its name is "my-bar"/],
    ['another version', formOf(WHEEL, { version: '1.1' }), 400, /The form is of another file: its version is "1.1"/],
    ['a name that is not owned', formOf(FOREIGN, { name: 'other' }), 403, /^other is not among the packages/],
    ['a broken archive', formOf(BROKEN), 400, /^my_foo-1\.0-py3-none-any\.whl: /],
    ['no distribution', formOf({ ...WHEEL, filename: 'my_foo-1.0.exe' }), 400, /^Not a distribution: it is neither/],
    ['a name of a path', formOf({ ...WHEEL, filename: '..' }), 400, /^Not a distribution/],
    ['attestations of no kind', formOf(WHEEL, { attestations: '[{"version": 1}]' }), 400, /of no kind that PEP 740/],
    ['attestations that are no list', formOf(WHEEL, { attestations: '{' }), 400, /the field is no JSON list/],
    ['two of one kind', formOf(WHEEL, attested(WHEEL, WHEEL)), 400, /two are of one kind/],
    ['an attestation of another file', formOf(WHEEL, attested(SDIST)), 400, /my_foo-1\.0\.tar\.gz/],
    ['an attestation of other bytes', formOf(WHEEL, attested({ ...OTHER })), 400, /sha256/],
  ])('with %s are refused, and nothing is written', async (_, form, status, title) => {
    expect(await post(form)).toMatchObject({ status, title: expect.stringMatching(title) });
    expect(registry.writes).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
  });

  it('with two files are refused', async () => {
    const form = formOf(WHEEL);
    form.append('content', new Blob([SDIST.bytes]), SDIST.filename);
    expect(await post(form)).toMatchObject({ status: 400, title: 'Not an upload: it holds two files, expected one' });
    const signed = formOf(WHEEL);
    signed.append('gpg_signature', new Blob(['x']), `${WHEEL.filename}.asc`);
    expect((await post(signed)).title).toBe(
      'Not an upload: it holds a file in the field "gpg_signature", expected one in "content"',
    );
    expect(registry.writes).toEqual([]);
  });

  it.each([
    ['no password', {}, 401],
    ['a wrong one', { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }, 401],
    ['a web page', { authorization, origin: 'http://evil.example' }, 403],
  ])('with %s are turned away', async (_, headers, status) => {
    expect(await post(formOf(WHEEL), headers as Record<string, string>)).toMatchObject({ status });
    expect(registry.requests).toEqual([]);
  });

  it('belong to their own address', async () => {
    const { port } = server;
    const form = { method: 'POST', body: formOf(WHEEL), headers: { authorization } };
    const page = await fetch(`http://127.0.0.1:${port}/r/o/simple/my-foo/`, form);
    expect([page.status, page.statusText]).toEqual([405, 'Not here: upload to legacy/']);
    const read = await fetch(`http://127.0.0.1:${port}/r/o/legacy/`, { headers: { authorization } });
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('that are announced larger than the disk are refused before they come', async () => {
    const path = '/r/o/legacy/';
    const headers = { authorization, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 2 ** 52 };
    const outgoing = ask({ port: server.port, host: '127.0.0.1', path, method: 'POST', headers });
    outgoing.flushHeaders();
    const [answer] = await once(outgoing, 'response');
    expect([answer.statusCode, answer.statusMessage]).toEqual([413, `No room for the file in ${folder}`]);
    expect(await text(answer)).toContain('TMPDIR');
    outgoing.on('error', () => {}).destroy();
  });

  it('whose client leaves half way come to nothing', async () => {
    const path = '/r/o/legacy/';
    const headers = { authorization, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 5_000 };
    const outgoing = ask({ port: server.port, host: '127.0.0.1', path, method: 'POST', headers });
    outgoing.on('error', () => {});
    const head = `--x\r\ncontent-disposition: form-data; name="content"; filename="${WHEEL.filename}"\r\n`;
    outgoing.write(`${head}content-type: application/octet-stream\r\n\r\nPK`);
    while (!readdirSync(folder).length) await new Promise(setImmediate);
    outgoing.destroy();
    while (!events.length || readdirSync(folder).length) await new Promise(setImmediate);
    expect(events).toMatchObject([{ kind: 'answered', status: 0 }]);
    expect(registry.requests).toEqual([]);
  });

  it('tell a registry that refuses from one that fails', async () => {
    registry.refuse('GET', /manifests\/1\.0/, { status: 403 });
    expect(await post(formOf(WHEEL))).toMatchObject({ status: 403, title: 'The registry refuses to take it' });
  });
});
