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

withoutNetwork();

describe('Gitea', () => {
  const at = 'https://gitea.example';
  const gitea = usual(at, 'octo/foo');
  const bearer = `Bearer realm="${at}/v2/token",service="container_registry",scope="*"`;
  const token = (scopes: string) => ({
    ask: `GET ${at}/v2/token?service=container_registry${scopes}`,
    as: BASIC,
    answer: { status: 200, body: { token: 'one' } },
  });

  it.each([
    ['two headers, Bearer and Basic', [bearer.replace(',scope="*"', ''), 'Basic'], ''],
    ['a scope that is a star', [bearer], '&scope=*'],
  ])('challenges with %s, links from its last page to an empty one, and mounts', async (_how, challenges, star) => {
    const link = (last: string) => ({ link: `</v2/octo/foo/tags/list?last=${last}&n=1000>; rel="next"` });
    const upload = '/v2/octo/foo/blobs/uploads/1';
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      gitea.readTag(undefined, challenged(...challenges)),
      token(`${star}&scope=repository:octo/foo:pull,push`),
      gitea.readTag('Bearer one', absent()),
      gitea.listTags('Bearer one', { ...theTags('0.9'), headers: link('0.9') }),
      {
        ask: `GET ${at}/v2/octo/foo/tags/list?last=0.9&n=1000`,
        as: 'Bearer one',
        answer: { ...theTags(), headers: link('0.9') },
      },
      gitea.post('Bearer one', created()),
      gitea.mount('Bearer one', opened(upload)),
      { ask: `PUT ${at}${upload}?digest=${LAYER.digest}`, as: 'Bearer one', answer: created() },
      // Names the tag where others name the digest.
      gitea.putManifest('Bearer one', created({ location: '/v2/octo/foo/manifests/1.0' })),
      gitea.putIndex('Bearer one', created({ location: '/v2/octo/foo/manifests/1.0', etag: '"sha256:x"' })),
      gitea.readBack('Bearer one'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.9']);
    end();
  });
});
