import {
  absent,
  BASIC,
  CONFIG,
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

describe('GitLab', () => {
  const at = 'https://registry.gitlab.com';
  const gitlab = usual(at, 'group/project/foo');
  const challenge = (scope: string) =>
    challenged(
      `Bearer realm="https://gitlab.com/jwt/auth",service="container_registry",scope="${scope}",error="invalid_token"`,
    );
  const token = (value: string, more = '') => ({
    ask: `GET https://gitlab.com/jwt/auth?service=container_registry&scope=repository:group/project/foo:pull,push${more}`,
    as: BASIC,
    answer: { status: 200, body: { token: value } },
  });

  it('has its token service at another host, two scopes in one for a mount, and tokens that end during an upload', async () => {
    const upload = (id: string) => `${at}/v2/group/project/foo/blobs/uploads/${id}?_state=a-b_c%3D%3D`;
    const { repository, end } = replaying(at, 'group/project/foo', USER, [
      gitlab.readTag(undefined, challenge('repository:group/project/foo:pull')),
      token('one'),
      gitlab.readTag('Bearer one', absent()),
      gitlab.listTags('Bearer one', {
        ...theTags('0.8'),
        headers: { link: '</v2/group/project/foo/tags/list?last=0.8&n=1>; rel="next"' },
      }),
      { ask: `GET ${at}/v2/group/project/foo/tags/list?last=0.8&n=1`, as: 'Bearer one', answer: theTags('0.9') },
      gitlab.post('Bearer one', opened(upload('1'))),
      { ask: `PUT ${upload('1')}&digest=${CONFIG}`, as: 'Bearer one', answer: created() },
      gitlab.mount('Bearer one', challenge('repository:group/project/foo:pull,push repository:group/other:pull')),
      token('two', '&scope=repository:group/other:pull'),
      gitlab.mount('Bearer two', opened(upload('2'))),
      {
        ask: `PUT ${upload('2')}&digest=${LAYER.digest}`,
        as: 'Bearer two',
        answer: challenge('repository:group/project/foo:pull,push'),
      },
      token('three', '&scope=repository:group/other:pull'),
      { ask: `PUT ${upload('2')}&digest=${LAYER.digest}`, as: 'Bearer three', answer: created() },
      gitlab.putManifest('Bearer three', created()),
      gitlab.putIndex('Bearer three', created()),
      gitlab.readBack('Bearer three'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.8', '0.9']);
    end();
  });

  it('knows a list of media types, and tells in the detail which it does not know: no blob is missing', async () => {
    const { repository, end } = replaying(at, 'group/project/foo', USER, [
      gitlab.readTag(undefined, absent()),
      gitlab.listTags(undefined, theTags()),
      gitlab.post(undefined, created()),
      gitlab.mount(undefined, created()),
      gitlab.putManifest(
        undefined,
        refusal(400, 'MANIFEST_INVALID', 'manifest invalid', 'unknown media type: application/pyoci.package.v1'),
      ),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      name: 'RegistryError',
      temporary: false,
      message: expect.stringContaining('manifest invalid: unknown media type: application/pyoci.package.v1'),
      hint: expect.stringMatching(/^registry\.gitlab\.com takes only media types.*REGISTRY_FF_DYNAMIC_MEDIA_TYPES/),
    });
    end();
  });
});
