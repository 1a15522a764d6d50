import { isReferring } from '../../../../src/oci/store.js';
import {
  absent,
  BASIC,
  challenged,
  created,
  INDEX,
  LAYER,
  MANIFEST,
  opened,
  publishTo,
  replaying,
  TAG,
  theIndex,
  USER,
  usual,
  withoutNetwork,
} from '../../../support/recorded-exchange.js';

withoutNetwork();

const at = 'https://acme.jfrog.io';
const frog = usual(at, 'docker-local/foo');
const challenge = (actions: string) =>
  challenged(`Bearer realm="${at}/v2/token",service="acme.jfrog.io",scope="repository:foo:${actions}"`);
const token = (actions: string, value: string) => ({
  ask: `GET ${at}/v2/token?service=acme.jfrog.io&scope=repository:foo:${actions}&scope=repository:docker-local/foo:pull,push`,
  as: BASIC,
  answer: { status: 200, body: { token: value, expires_in: 9000 } },
});

describe('JFrog Artifactory', () => {
  it('names scopes without the repository key, and its Location and ETag of a manifest mean nothing', async () => {
    const upload = `${at}/v2/docker-local/foo/blobs/uploads/8f2e.patch`;
    const strange = { location: `${at}/v2/docker-local/foo/blobs/uploads/${INDEX.descriptor.digest}`, etag: '3a5b' };
    const { repository, end } = replaying(at, 'docker-local/foo', USER, [
      frog.readTag(undefined, challenge('pull')),
      token('pull', 'one'),
      frog.readTag('Bearer one', absent()),
      frog.listTags('Bearer one', absent('NAME_UNKNOWN')),
      // The first token was for reading only, since the scope that we know of ourselves is none here.
      frog.post('Bearer one', challenge('pull,push')),
      token('pull,push', 'two'),
      frog.post('Bearer two', created()),
      frog.mount('Bearer two', opened(upload)),
      { ask: `PUT ${upload}?digest=${LAYER.digest}`, as: 'Bearer two', answer: created() },
      frog.putManifest('Bearer two', created(strange)),
      frog.putIndex('Bearer two', created(strange)),
      { ...frog.readBack('Bearer two'), answer: theIndex({ etag: '3a5b' }) },
    ]);
    expect(await publishTo(repository)).toEqual([]);
    end();
  });

  it('has errors without a code, and takes the right to delete for what overwriting needs', async () => {
    const message =
      "Not enough permissions to delete/overwrite artifact 'docker-local:foo/1.0' (user 'robin' needs DELETE permission).";
    const { repository, end } = replaying(at, 'docker-local/foo', USER, [
      frog.putIndex(undefined, { status: 403, body: { errors: [{ status: 403, message }] } }),
    ]);
    await expect(repository.putTag(TAG, INDEX)).rejects.toMatchObject({
      message: expect.stringContaining(`was answered 403 (${message})`),
      hint: expect.stringMatching(/permission Delete\/Overwrite at acme\.jfrog\.io$/),
    });
    end();
  });

  it('can answer 403 when a missing manifest is looked for, and says so only when it is asked in full', async () => {
    const { digest } = MANIFEST.descriptor;
    const manifest = `${at}/v2/docker-local/foo/manifests/${digest}`;
    const { repository, end } = replaying(at, 'docker-local/foo', USER, [
      { ask: `HEAD ${manifest}`, as: undefined, answer: { status: 403 } },
      { ask: `GET ${manifest}`, as: undefined, answer: absent() },
    ]);
    expect(await repository.hasManifest(digest)).toBe(false);
    end();
  });

  it('challenges for referrers with Basic, and gets a fresh token but never the password', async () => {
    const subject = INDEX.descriptor.digest;
    const asked = `GET ${at}/v2/docker-local/foo/referrers/${subject}?artifactType=a/b`;
    const basic = challenged('Basic realm="Artifactory Realm"');
    const { repository, end } = replaying(at, 'docker-local/foo', USER, [
      frog.listTags(undefined, challenge('pull')),
      token('pull', 'one'),
      frog.listTags('Bearer one', absent('NAME_UNKNOWN')),
      { ask: asked, as: 'Bearer one', answer: basic },
      token('pull', 'two'),
      { ask: asked, as: 'Bearer two', answer: basic },
    ]);
    await repository.tags();
    const listed = isReferring(repository) ? repository.referrers(subject, 'a/b') : undefined;
    await expect(listed).rejects.toMatchObject({ status: 401 });
    end();
  });
});
