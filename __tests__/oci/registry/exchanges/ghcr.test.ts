import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import { isReferring } from '../../../../src/oci/store.js';
import {
  absent,
  CONFIG,
  challenged,
  created,
  INDEX,
  LAYER,
  opened,
  publishTo,
  replaying,
  usual,
  withoutNetwork,
} from '../../../support/recorded-exchange.js';

withoutNetwork();

const TOKEN: Credentials = {
  kind: 'basic',
  username: 'octocat',
  password: 'ghs_x',
  source: 'github-token',
  ownHostOnly: true,
};
const BASIC = `Basic ${Buffer.from('octocat:ghs_x').toString('base64')}`;
const at = 'https://ghcr.io';
const github = usual(at, 'octo/foo');
const CHALLENGE = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:octo/foo:pull"';
const token = {
  ask: `GET ${at}/token?service=ghcr.io&scope=repository:octo/foo:pull,push`,
  as: BASIC,
  answer: { status: 200, body: { token: 'opaque' } },
};

describe("GitHub's container registry", () => {
  it('has uploads under a singular path, tags on pages in order of age, and opaque tokens without a lifetime', async () => {
    const upload = (id: string) => `/v2/octo/foo/blobs/upload/${id}`;
    const { repository, end } = replaying(at, 'octo/foo', TOKEN, [
      github.readTag(undefined, challenged(CHALLENGE)),
      token,
      github.readTag('Bearer opaque', absent()),
      github.listTags('Bearer opaque', {
        status: 200,
        headers: { link: '</v2/octo/foo/tags/list?last=0.10&n=2>; rel="next"' },
        body: { name: 'octo/foo', tags: ['0.9', '0.10'] },
      }),
      {
        ask: `GET ${at}/v2/octo/foo/tags/list?last=0.10&n=2`,
        as: 'Bearer opaque',
        answer: { status: 200, body: { name: 'octo/foo', tags: ['0.8'] } },
      },
      github.post('Bearer opaque', opened(upload('1'))),
      { ask: `PUT ${at}${upload('1')}?digest=${CONFIG}`, as: 'Bearer opaque', answer: created() },
      github.mount('Bearer opaque', opened(upload('2'))),
      { ask: `PUT ${at}${upload('2')}?digest=${LAYER.digest}`, as: 'Bearer opaque', answer: created() },
      github.putManifest('Bearer opaque', created()),
      github.putIndex('Bearer opaque', created()),
      github.readBack('Bearer opaque'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.9', '0.10', '0.8']);
    end();
  });

  it('sends whoever asks for referrers to its web site, which is not asked', async () => {
    const subject = INDEX.descriptor.digest;
    const { repository, end } = replaying(at, 'octo/foo', TOKEN, [
      {
        ask: `GET ${at}/v2/octo/foo/referrers/${subject}?artifactType=a/b`,
        as: undefined,
        answer: challenged(CHALLENGE),
      },
      token,
      {
        ask: `GET ${at}/v2/octo/foo/referrers/${subject}?artifactType=a/b`,
        as: 'Bearer opaque',
        answer: { status: 303, headers: { location: 'https://github.com/-/v2/packages/octo/foo' } },
      },
    ]);
    expect(isReferring(repository) && (await repository.referrers(subject, 'a/b'))).toBeUndefined();
    end();
  });

  it('takes the token of a job for its own host only, whatever the challenge says', async () => {
    const { repository, end } = replaying(at, 'octo/foo', TOKEN, [
      github.readTag(undefined, challenged('Bearer realm="https://token.example/",service="ghcr.io"')),
    ]);
    await expect(publishTo(repository)).rejects.toThrow(/token of this job is for ghcr\.io alone/);
    end();
  });

  it('says for a package of another repository where to connect it', async () => {
    const denied = { errors: [{ code: 'DENIED', message: 'permission_denied: write_package' }] };
    const { repository, end } = replaying(at, 'octo/foo', TOKEN, [
      github.readTag(undefined, challenged(CHALLENGE)),
      token,
      github.readTag('Bearer opaque', absent()),
      github.listTags('Bearer opaque', { status: 200, body: { tags: null } }),
      github.post('Bearer opaque', { status: 403, body: denied }),
      github.mountConfig('Bearer opaque', { status: 403, body: denied }),
      github.open('Bearer opaque', { status: 403, body: denied }),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      hint: expect.stringMatching(/Manage Actions access.*role Write/),
    });
    end();
  });
});
