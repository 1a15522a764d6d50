import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import {
  absent,
  CONFIG,
  challenged,
  created,
  LAYER,
  opened,
  publishTo,
  replaying,
  theTags,
  usual,
  withoutNetwork,
} from '../../../support/recorded-exchange.js';
import { refusal } from '../../../support/registry/exchange.js';

withoutNetwork();

const at = 'https://europe-docker.pkg.dev';
const google = usual(at, 'project/repo/foo');
const ACCESS: Credentials = { kind: 'basic', username: 'oauth2accesstoken', password: 'ya29.x', source: 'the test' };
const BASIC = `Basic ${Buffer.from('oauth2accesstoken:ya29.x').toString('base64')}`;
const signIn = [
  google.readTag(undefined, challenged(`Bearer realm="${at}/v2/token",service="europe-docker.pkg.dev"`)),
  {
    ask: `GET ${at}/v2/token?service=europe-docker.pkg.dev&scope=repository:project/repo/foo:pull,push`,
    as: BASIC,
    answer: { status: 200, body: { token: 't1', expires_in: 3600 } },
  },
];

describe('Google Artifact Registry', () => {
  it('takes uploads in one piece, at a long address outside of /v2, which is kept to the letter', async () => {
    const upload = (id: string) =>
      `${at}/artifacts-uploads/namespaces/project/repositories/repo/uploads/${id}${'x'.repeat(900)}`;
    const { repository, end } = replaying(at, 'project/repo/foo', ACCESS, [
      ...signIn,
      google.readTag('Bearer t1', absent()),
      google.listTags('Bearer t1', theTags()),
      google.post('Bearer t1', opened(upload('1'))),
      { ask: `PUT ${upload('1')}?digest=${CONFIG}`, as: 'Bearer t1', answer: created() },
      google.mount('Bearer t1', opened(upload('2'))),
      { ask: `PUT ${upload('2')}?digest=${LAYER.digest}`, as: 'Bearer t1', answer: created() },
      google.putManifest('Bearer t1', created()),
      google.putIndex('Bearer t1', created()),
      google.readBack('Bearer t1'),
    ]);
    expect(await publishTo(repository)).toEqual([]);
    end();
  });

  it('can be told to let no tag be written twice, which is said of an invalid manifest', async () => {
    const said = 'cannot update tag 1.0. The repository has enabled tag immutability';
    const { repository, end } = replaying(at, 'project/repo/foo', ACCESS, [
      google.readTag(undefined, absent()),
      google.listTags(undefined, theTags()),
      google.post(undefined, created()),
      google.mount(undefined, created()),
      google.putManifest(undefined, created()),
      google.putIndex(undefined, refusal(400, 'MANIFEST_INVALID', said)),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      name: 'WriteRefusedError',
      temporary: false,
      hint: expect.stringContaining(
        'gcloud artifacts repositories update repo --project=project --location=europe --no-immutable-tags',
      ),
    });
    end();
  });

  it('can answer with a page where tags were asked for, which is an error and no empty list', async () => {
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Sign in</title></html>' };
    const { repository, end } = replaying(at, 'project/repo/foo', ACCESS, [google.listTags(undefined, page)]);
    await expect(repository.tags()).rejects.toMatchObject({
      message: expect.stringMatching(/was answered 200 with a web page \(Sign in\)$/),
      hint: expect.stringMatching(/check that europe-docker\.pkg\.dev is the registry/),
    });
    end();
  });
});
