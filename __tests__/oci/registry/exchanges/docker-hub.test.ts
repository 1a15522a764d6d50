import { parseRegistry } from '../../../../src/oci/registry/login/registry-host.js';
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

withoutNetwork();

describe('Docker Hub', () => {
  const at = 'https://registry-1.docker.io';
  const hub = usual(at, 'octo/foo');
  const upload = (id: string) => `${at}/v2/octo/foo/blobs/uploads/${id}?_state=R5-x%3D`;

  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])(
    'is one registry under the name %s, with its tokens at another host and in both members',
    async (name) => {
      const { scheme, host } = parseRegistry(name);
      const scope = 'repository:octo/foo:pull,push';
      const { repository, end } = replaying(`${scheme}://${host}`, 'octo/foo', USER, [
        hub.readTag(
          undefined,
          challenged(
            'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:octo/foo:pull"',
          ),
        ),
        {
          ask: `GET https://auth.docker.io/token?service=registry.docker.io&scope=${scope}`,
          as: BASIC,
          answer: { status: 200, body: { token: 't1', access_token: 't1', expires_in: 300 } },
        },
        hub.readTag('Bearer t1', absent()),
        hub.listTags('Bearer t1', theTags('0.9')),
        hub.post('Bearer t1', opened(upload('1'))),
        { ask: `PUT ${upload('1')}&digest=${CONFIG}`, as: 'Bearer t1', answer: created() },
        hub.mount('Bearer t1', opened(upload('2'))),
        { ask: `PUT ${upload('2')}&digest=${LAYER.digest}`, as: 'Bearer t1', answer: created() },
        hub.putManifest('Bearer t1', created()),
        hub.putIndex('Bearer t1', created()),
        hub.readBack('Bearer t1'),
      ]);
      expect(await publishTo(repository)).toEqual(['0.9']);
      end();
    },
  );
});
