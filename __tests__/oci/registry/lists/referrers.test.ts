import { digestOf } from '../../../../src/core/digest.js';
import { encode } from '../../../../src/oci/document.js';
import { OCI_INDEX } from '../../../../src/oci/media-types.js';
import { isReferring } from '../../../../src/oci/store.js';
import { refusal } from '../../../support/registry/exchange.js';
import { type Session, startSession } from '../../../support/registry-session.js';

const TYPE = 'application/vnd.example.record';
const subject = { mediaType: 'application/json', digest: digestOf(Buffer.from('subject')), size: 7 };
const record = (artifactType: string, name: string) =>
  encode({ schemaVersion: 2, mediaType: OCI_INDEX, artifactType, manifests: [], subject, annotations: { name } });

let session: Session;
afterEach(() => session.stop());
const REFERRERS = /referrers/;

it('a repository of a registry may have referrers', async () => {
  session = await startSession();
  expect(isReferring(session.repository)).toBe(true);
});

it('lists what refers to a subject, of the type asked for', async () => {
  session = await startSession({ referrers: true });
  const [mine, other] = [record(TYPE, 'a'), record('application/x', 'b')];
  for (const document of [mine, other]) await session.repository.putManifest(document);
  const listed = await session.repository.referrers(subject.digest, TYPE);
  expect(listed?.map(({ digest }) => digest)).toEqual([mine.descriptor.digest]);
  expect(listed?.[0]?.annotations).toEqual({ name: 'a' });
});

it('filters by type itself where the registry does not', async () => {
  session = await startSession();
  const [mine, other] = [record(TYPE, 'a'), record('application/x', 'b')];
  const manifests = [mine, other].map(({ descriptor, value }) => ({ ...descriptor, artifactType: value.artifactType }));
  const body = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }).bytes;
  session.registry.refuse('GET', REFERRERS, { status: 200, headers: { 'content-type': OCI_INDEX }, body });
  const listed = await session.repository.referrers(subject.digest, TYPE);
  expect(listed?.map(({ digest }) => digest)).toEqual([mine.descriptor.digest]);
});

it('tells a subject that nothing refers to from a registry without the API', async () => {
  session = await startSession({ referrers: true });
  expect(await session.repository.referrers(subject.digest, TYPE)).toEqual([]);
});

it.each([
  ['of no type at all, which its content will tell', [record(TYPE, 'a').descriptor], 1],
  ['that is empty and written as null, as olareg does', null, 0],
])('takes a list %s', async (_, manifests, count) => {
  session = await startSession();
  const body = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }).bytes;
  session.registry.refuse('GET', REFERRERS, { status: 200, headers: { 'content-type': OCI_INDEX }, body });
  expect(await session.repository.referrers(subject.digest, TYPE)).toHaveLength(count);
});

it.each([
  ['404', { status: 404 }],
  [
    "a redirect to another host, as GitHub's registry answers",
    { status: 303, headers: { location: 'http://127.0.0.2:1/x' } },
  ],
  ['405', refusal(405, 'UNSUPPORTED', 'no')],
  ['200 with something else than an index', { status: 200, body: { manifests: [] } }],
  ['200 with a page of HTML', { status: 200, headers: { 'content-type': OCI_INDEX }, body: Buffer.from('<html>') }],
])('has no such API where the answer is %s', async (_, answer) => {
  session = await startSession();
  session.registry.refuse('GET', REFERRERS, answer);
  expect(await session.repository.referrers(subject.digest, TYPE)).toBeUndefined();
  expect(session.registry.requests).toHaveLength(1);
});

it('a refusal for want of a right is not mistaken for that', async () => {
  session = await startSession();
  session.registry.refuse('GET', REFERRERS, refusal(403, 'DENIED', 'no'));
  await expect(session.repository.referrers(subject.digest, TYPE)).rejects.toMatchObject({ status: 403 });
});
