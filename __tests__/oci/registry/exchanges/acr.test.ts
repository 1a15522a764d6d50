import {
  absent,
  BASIC,
  challenged,
  created,
  LAYER,
  opened,
  publishTo,
  replaying,
  theTags,
  USER,
  usual,
  withoutNetwork,
} from '../../../support/recorded-exchange.js';
import { refusal } from '../../../support/registry/exchange.js';

withoutNetwork();

describe('Azure Container Registry', () => {
  const at = 'https://contoso.azurecr.io';
  const azure = usual(at, 'octo/foo');
  const challenge = (scope: string) =>
    challenged(`Bearer realm="${at}/oauth2/token",service="contoso.azurecr.io",scope="${scope}"`);
  const token = (scope: string, value: string) => ({
    ask: `GET ${at}/oauth2/token?service=contoso.azurecr.io&scope=${scope}`,
    as: BASIC,
    answer: { status: 200, body: { access_token: value } },
  });

  it('calls its tokens access_token without a lifetime, wants metadata_read for tags, and two scopes in one for a mount', async () => {
    const upload = '/v2/octo/foo/blobs/uploads/1?_nouploadcache=false&_state=K1g%2Fx%3D%3D';
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      azure.readTag(undefined, challenge('repository:octo/foo:pull')),
      token('repository:octo/foo:pull,push', 'one'),
      azure.readTag('Bearer one', absent()),
      azure.listTags('Bearer one', challenge('repository:octo/foo:metadata_read')),
      token('repository:octo/foo:metadata_read,pull,push', 'two'),
      azure.listTags('Bearer two', theTags('0.9')),
      azure.post('Bearer two', created()),
      // The order of actions varies, and the second scope stands behind a blank in the same value.
      azure.mount('Bearer two', challenge('repository:octo/foo:push,pull repository:octo/bar:pull')),
      token('repository:octo/foo:metadata_read,pull,push&scope=repository:octo/bar:pull', 'three'),
      azure.mount('Bearer three', opened(upload)),
      { ask: `PUT ${at}${upload}&digest=${LAYER.digest}`, as: 'Bearer three', answer: created() },
      azure.putManifest('Bearer three', created()),
      azure.putIndex('Bearer three', created()),
      azure.readBack('Bearer three'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.9']);
    end();
  });

  it.each([
    [
      'from other addresses',
      403,
      "client with IP '172.214.169.102' is not allowed access.",
      /network-rule add --name contoso --ip-address 172\.214\.169\.102/,
    ],
    [
      'to a locked tag',
      405,
      'The operation is disallowed on this registry, repository or image.',
      /--image octo\/foo:1\.0 --write-enabled true/,
    ],
  ])('can be closed %s, and the error has the command that opens it', async (_, status, said, command) => {
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      azure.readTag(undefined, absent()),
      azure.listTags(undefined, theTags()),
      azure.post(undefined, created()),
      azure.mount(undefined, created()),
      azure.putManifest(undefined, created()),
      azure.putIndex(undefined, refusal(status, 'DENIED', said)),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      temporary: false,
      hint: expect.stringMatching(command),
    });
    end();
  });

  it('has no tag list for a repository that was emptied', async () => {
    const { repository, end } = replaying(at, 'octo/foo', USER, [azure.listTags(undefined, absent('NAME_UNKNOWN'))]);
    expect(await repository.tags()).toEqual([]);
    end();
  });
});
