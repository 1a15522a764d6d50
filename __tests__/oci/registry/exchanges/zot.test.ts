import { OCI_INDEX } from '../../../../src/oci/media-types.js';
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
  theTags,
  USER,
  usual,
  withoutNetwork,
} from '../../../support/recorded-exchange.js';

withoutNetwork();

const at = 'https://zot.example';
const zot = usual(at, 'octo/foo');

describe('zot', () => {
  it('challenges with an empty scope, which is not sent back as one, and mounts what it has anywhere', async () => {
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      zot.readTag(undefined, challenged('Bearer realm="https://issuer.example/token",service="zot",scope=""')),
      {
        ask: 'GET https://issuer.example/token?service=zot&scope=repository:octo/foo:pull,push',
        as: BASIC,
        answer: { status: 200, body: { access_token: 'one', expires_in: 60 } },
      },
      zot.readTag('Bearer one', absent()),
      zot.listTags('Bearer one', theTags('0.9')),
      zot.post('Bearer one', created()),
      zot.mount('Bearer one', created()),
      zot.putManifest('Bearer one', created()),
      zot.putIndex('Bearer one', created()),
      zot.readBack('Bearer one'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.9']);
    end();
  });

  it('with htpasswd takes the password as it is, and gives uploads a bare relative address', async () => {
    const upload = '/v2/octo/foo/blobs/uploads/5e3f';
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      zot.readTag(undefined, challenged('Basic realm="zot"')),
      zot.readTag(BASIC, absent()),
      zot.listTags(BASIC, absent('NAME_UNKNOWN')),
      zot.post(BASIC, created()),
      zot.mount(BASIC, opened(upload)),
      { ask: `PUT ${at}${upload}?digest=${LAYER.digest}`, as: BASIC, answer: created() },
      zot.putManifest(BASIC, created()),
      zot.putIndex(BASIC, created()),
      zot.readBack(BASIC),
    ]);
    expect(await publishTo(repository)).toEqual([]);
    end();
  });

  it('has an honest Referrers API', async () => {
    const subject = INDEX.descriptor.digest;
    const found = { ...MANIFEST.descriptor, artifactType: 'a/b' };
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      {
        ask: `GET ${at}/v2/octo/foo/referrers/${subject}?artifactType=a/b`,
        as: undefined,
        answer: {
          status: 200,
          headers: { 'content-type': OCI_INDEX, 'oci-filters-applied': 'artifactType' },
          body: { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [found] },
        },
      },
    ]);
    expect(isReferring(repository) && (await repository.referrers(subject, 'a/b'))).toEqual([found]);
    end();
  });
});
