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

const at = 'https://harbor.example';
const harbor = usual(at, 'library/foo');
const challenge = (scope: string) =>
  challenged(`Bearer realm="${at}/service/token",service="harbor-registry",scope="${scope}"`);
const token = (value: string) => ({
  ask: `GET ${at}/service/token?service=harbor-registry&scope=repository:library/foo:pull,push`,
  as: BASIC,
  answer: { status: 200, body: { token: value, expires_in: 1800, issued_at: '2020-01-01T00:00:00Z' } },
});
const upload = (id: string) => `${at}/v2/library/foo/blobs/uploads/${id}?_state=Zm9v%3D`;

describe('Harbor', () => {
  it('answers an expired token with a challenge for Basic, and is given a new token all the same', async () => {
    const { repository, end } = replaying(at, 'library/foo', USER, [
      harbor.readTag(undefined, challenge('repository:library/foo:pull')),
      token('one'),
      harbor.readTag('Bearer one', absent('NOT_FOUND')),
      harbor.listTags('Bearer one', absent('NOT_FOUND')),
      harbor.post('Bearer one', opened(upload('1'))),
      { ask: `PUT ${upload('1')}&digest=${CONFIG}`, as: 'Bearer one', answer: created() },
      harbor.mount('Bearer one', opened(upload('2'))),
      {
        ask: `PUT ${upload('2')}&digest=${LAYER.digest}`,
        as: 'Bearer one',
        answer: challenged('Basic realm="harbor"'),
      },
      token('two'),
      { ask: `PUT ${upload('2')}&digest=${LAYER.digest}`, as: 'Bearer two', answer: created() },
      harbor.putManifest('Bearer two', created()),
      harbor.putIndex('Bearer two', challenged('Basic realm="harbor"')),
      token('three'),
      harbor.putIndex('Bearer three', created()),
      harbor.readBack('Bearer three'),
    ]);
    expect(await publishTo(repository)).toEqual([]);
    end();
  });

  it('can refuse to mount instead of opening an upload, which is then opened without', async () => {
    const { repository, end } = replaying(at, 'library/foo', USER, [
      harbor.readTag(undefined, challenge('repository:library/foo:pull')),
      token('one'),
      harbor.readTag('Bearer one', absent()),
      harbor.listTags('Bearer one', theTags('0.9')),
      harbor.post('Bearer one', opened(upload('1'))),
      { ask: `PUT ${upload('1')}&digest=${CONFIG}`, as: 'Bearer one', answer: created() },
      harbor.mount('Bearer one', challenge('repository:library/foo:pull,push repository:gone/foo:pull')),
      {
        ask: `${token('two').ask}&scope=repository:gone/foo:pull`,
        as: BASIC,
        answer: { status: 200, body: { token: 'two' } },
      },
      harbor.mount('Bearer two', challenge('repository:library/foo:pull,push')),
      harbor.open('Bearer two', opened(upload('2'))),
      { ask: `PUT ${upload('2')}&digest=${LAYER.digest}`, as: 'Bearer two', answer: created() },
      harbor.putManifest('Bearer two', created()),
      harbor.putIndex('Bearer two', created()),
      harbor.readBack('Bearer two'),
    ]);
    expect(await publishTo(repository)).toEqual(['0.9']);
    end();
  });

  it('says 412 where a rule makes the tag immutable, and that is no lost race: the write comes once', async () => {
    const { repository, end } = replaying(at, 'library/foo', USER, [
      harbor.readTag(undefined, absent()),
      harbor.listTags(undefined, theTags()),
      harbor.post(undefined, created()),
      harbor.mount(undefined, created()),
      harbor.putManifest(undefined, created()),
      harbor.putIndex(
        undefined,
        refusal(412, 'PRECONDITION', "Failed to process request due to 'foo:1.0' configured as immutable."),
      ),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      temporary: false,
      mayHaveApplied: false,
      hint: expect.stringMatching(/immutable tag.*rules for tags/),
    });
    end();
  });
});
