import { MissingReferenceError } from '../../../../src/oci/errors.js';
import {
  absent,
  BASIC,
  CONFIG,
  challenged,
  created,
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
import { refusal } from '../../../support/registry/exchange.js';

withoutNetwork();

const at = 'https://quay.io';
const quay = usual(at, 'octo/foo');
const signIn = [
  quay.readTag(
    undefined,
    challenged(`Bearer realm="${at}/v2/auth",service="quay.io",scope="repository:octo/foo:pull"`),
  ),
  {
    ask: `GET ${at}/v2/auth?service=quay.io&scope=repository:octo/foo:pull,push`,
    as: BASIC,
    answer: { status: 200, body: { token: 'one' } },
  },
];

describe('Quay', () => {
  it('lists tags by an encrypted next page, takes a blob with the POST, and opens uploads at absolute addresses', async () => {
    const upload = `${at}/v2/octo/foo/blobs/uploads/1`;
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      ...signIn,
      quay.readTag('Bearer one', absent()),
      quay.listTags('Bearer one', {
        ...theTags('0.8'),
        headers: { link: '</v2/octo/foo/tags/list?n=1&next_page=gAAAAAB%2Fx%3D%3D>; rel="next"' },
      }),
      {
        ask: `GET ${at}/v2/octo/foo/tags/list?n=1&next_page=gAAAAAB%2Fx%3D%3D`,
        as: 'Bearer one',
        answer: theTags('0.9'),
      },
      quay.post('Bearer one', created()),
      quay.mount('Bearer one', { ...opened(upload), headers: { location: upload, range: 'bytes=0--1' } }),
      { ask: `PUT ${upload}?digest=${LAYER.digest}`, as: 'Bearer one', answer: created() },
      quay.putManifest('Bearer one', created()),
      quay.putIndex('Bearer one', created()),
      quay.readBack('Bearer one'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.8', '0.9']);
    end();
  });

  it('hands out tokens for less than was asked for: the refusal comes with the push, and is named as a missing right', async () => {
    const scarce = challenged(`Bearer realm="${at}/v2/auth",service="quay.io",scope="repository:octo/foo:pull,push"`);
    const again = signIn.slice(1);
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      ...signIn,
      quay.readTag('Bearer one', absent()),
      quay.listTags('Bearer one', theTags()),
      ...[quay.post, quay.mountConfig, quay.open].flatMap((ask) => [
        ask('Bearer one', scarce),
        ...again,
        ask('Bearer one', scarce),
      ]),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      status: 401,
      hint: expect.stringMatching(/known to quay\.io but may not upload .*right to push/),
    });
    end();
  });

  it('says 405 while it takes no writes, and 403 where a namespace is full: no right is missing', async () => {
    const said = 'System is currently read-only. Pulls will succeed but all write operations are currently suspended.';
    const full = refusal(403, 'DENIED', 'Quota has been exceed on namespace');
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      quay.putManifest(undefined, refusal(405, 'DENIED', said)),
      quay.putManifest(undefined, full),
    ]);
    await expect(repository.putManifest(MANIFEST)).rejects.toMatchObject({
      hint: expect.stringMatching(/accepts no changes now: run again later/),
    });
    await expect(repository.putManifest(MANIFEST)).rejects.toMatchObject({
      hint: expect.stringMatching(/^free space at quay\.io/),
    });
    end();
  });

  it('calls a manifest invalid whose blob is missing, and says in words which', async () => {
    const { repository, end } = replaying(at, 'octo/foo', USER, [
      quay.readTag(undefined, absent()),
      quay.listTags(undefined, theTags()),
      quay.post(undefined, created()),
      quay.mount(undefined, created()),
      quay.putManifest(
        undefined,
        refusal(400, 'MANIFEST_INVALID', 'manifest invalid', { message: `Unknown blob \`${CONFIG}\`` }),
      ),
    ]);
    const published = publishTo(repository);
    await expect(published).rejects.toBeInstanceOf(MissingReferenceError);
    await expect(published).rejects.toMatchObject({ missing: [CONFIG] });
    end();
  });
});
