import { buffer } from 'node:stream/consumers';
import nock from 'nock';
import { encode } from '../../../src/oci/document.js';
import { OCI_INDEX } from '../../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { Credentials } from '../../../src/oci/registry/login/credentials.js';
import type { Repository } from '../../../src/oci/store.js';
import { FakeClock } from '../../support/clock.js';
import { blobOf } from '../../support/registry-session.js';
import { storeOn } from '../../support/registry-store.js';

/**
 * Where credentials may travel, a row for each way on which a registry could lead them astray: whoever is not on the
 * list of a row must not even be asked, and whoever is gets exactly that.
 */

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}
type Carries = 'nothing' | 'basic' | 'bearer' | 'refresh token';
interface Row {
  /** What the hosts of this row answer, by origin. The registry's own answer comes first, its usual manners after it. */
  readonly web: Readonly<Record<string, (asked: Asked) => Reply | undefined>>;
  readonly act: (repository: Repository) => Promise<unknown>;
  /** What each host saw, in the order in which anything of a kind came first. Hosts that are left out saw nothing. */
  readonly seen: Readonly<Record<string, readonly Carries[]>>;
  readonly fails?: RegExp;
  readonly credentials?: Credentials;
  /** The registry does not ask for sign-in. */
  readonly open?: boolean;
  /** Origin of the registry, if it is another one. */
  readonly at?: string;
}

const REGISTRY = 'https://registry.example';
const OTHER = 'https://storage.example';
const PORT = 'https://registry.example:8443';
const PLAIN = 'http://registry.example';
const AUTH = 'https://auth.example';
const PRIVATE = 'https://10.0.0.5';
const METADATA = 'https://169.254.169.254';
const MACHINE = 'https://localhost:5000';

const BASIC: Credentials = { kind: 'basic', username: 'robin', password: 's3cret', source: 'the test' };
const REFRESH: Credentials = { kind: 'identity-token', token: 'r3fresh', source: 'the test' };
const JOBS_OWN: Credentials = { ...BASIC, ownHostOnly: true };

const TAG = parseTag('1.0');
const INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
const MANIFEST = { status: 200, headers: { 'content-type': OCI_INDEX }, body: INDEX.bytes };
const { blob, bytes } = blobOf(100_000);
const CONTENT = { status: 200, body: Buffer.alloc(100_000, 'x') };

const read = (repository: Repository) => repository.getManifest(TAG);
const download = async (repository: Repository) => buffer(await repository.openBlob(blob));
const upload = (repository: Repository) => repository.putBlob(blob, bytes);
const list = (repository: Repository) => repository.tags();
/** What was learned from a first answer would show in a second request. */
const twice = (act: Row['act']) => async (repository: Repository) => {
  await act(repository).catch(() => undefined);
  return act(repository);
};
const write = (repository: Repository) => repository.putTag(TAG, INDEX);

const redirect =
  (location: string, status = 307): (() => Reply) =>
  () => ({ status, headers: { location } });
const asks =
  (challenge: string): (() => Reply) =>
  () => ({ status: 401, headers: { 'www-authenticate': challenge } });
const opensAt =
  (location: string) =>
  ({ method }: Asked) =>
    method === 'POST' ? { status: 202, headers: { location } } : undefined;
const CHALLENGE = asks(`Bearer realm="${AUTH}/token",service="s"`)();
const takes = (): Reply => ({ status: 201 });
const gives = (reply: Reply) => (): Reply => reply;
const linksTo = (url: string) => (): Reply => ({
  status: 200,
  headers: { link: `<${url}>; rel="next"` },
  body: '{"tags":["1.0"]}',
});
/** A token service on another host, which the registry names unless the row says otherwise. */
const SERVICE = { [AUTH]: gives({ status: 200, body: '{"token":"t0ken"}' }) };
const SIGNED_IN = { [REGISTRY]: ['nothing', 'bearer'], [AUTH]: ['basic'] } as const;

const rows: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  'the Location of an upload': {
    'on another host gets the bytes and no credentials': {
      web: { [REGISTRY]: opensAt(`${OTHER}/up`), [OTHER]: takes },
      act: upload,
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
    },
    'on another port is another host': {
      web: { [REGISTRY]: opensAt(`${PORT}/up`), [PORT]: takes },
      act: upload,
      seen: { ...SIGNED_IN, [PORT]: ['nothing'] },
    },
    'with user info is used without it': {
      web: { [REGISTRY]: opensAt('https://evil:pw@storage.example/up'), [OTHER]: takes },
      act: upload,
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
    },
    'on another host that asks for sign-in gets none': {
      web: { [REGISTRY]: opensAt(`${OTHER}/up`), [OTHER]: asks(`Bearer realm="${OTHER}/token"`) },
      act: upload,
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
      fails: /was answered 401/,
    },
    'on another host that leads back brings none along': {
      web: {
        [REGISTRY]: (asked) => (asked.path.startsWith('/back') ? { status: 201 } : opensAt(`${OTHER}/up`)(asked)),
        [OTHER]: redirect(`${REGISTRY}/back`),
      },
      act: upload,
      seen: { [REGISTRY]: ['nothing', 'bearer', 'nothing'], [AUTH]: ['basic'], [OTHER]: ['nothing'] },
    },
    ...Object.fromEntries(
      [PLAIN, 'http://storage.example', PRIVATE, METADATA, MACHINE].map((origin): [string, Row] => [
        `at ${origin} is refused`,
        {
          web: { [REGISTRY]: opensAt(`${origin}/up`), [origin]: takes },
          act: upload,
          seen: SIGNED_IN,
          fails: /at another address: it leads to/,
        },
      ]),
    ),
  },
  'a redirect': {
    'to another host drops them': {
      web: { [REGISTRY]: redirect(`${OTHER}/x?sig=1`), [OTHER]: gives(CONTENT) },
      act: download,
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
    },
    'to another port drops them': {
      web: { [REGISTRY]: redirect(`${PORT}/x`), [PORT]: gives(CONTENT) },
      act: download,
      seen: { ...SIGNED_IN, [PORT]: ['nothing'] },
    },
    'there and back again does not bring them back': {
      web: {
        [REGISTRY]: ({ path }) => (path === '/back' ? CONTENT : redirect(`${OTHER}/x`)()),
        [OTHER]: redirect(`${REGISTRY}/back`),
      },
      act: download,
      seen: { [REGISTRY]: ['nothing', 'bearer', 'nothing'], [AUTH]: ['basic'], [OTHER]: ['nothing'] },
    },
    'on the registry itself keeps them': {
      web: { [REGISTRY]: ({ path }) => (path === '/here' ? CONTENT : redirect('/here')()) },
      act: download,
      seen: SIGNED_IN,
    },
    'of the write of a tag to another host drops them': {
      web: { [REGISTRY]: redirect(`${OTHER}/x`, 308), [OTHER]: takes },
      act: write,
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
    },
    'to a host that asks for sign-in by Basic gets none': {
      web: { [REGISTRY]: redirect(`${OTHER}/x`), [OTHER]: asks('Basic realm="x"') },
      act: twice(read),
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
      fails: /was answered 401/,
    },
    ...Object.fromEntries(
      ['Basic realm="x"', `Bearer realm="${OTHER}/token"`].map((challenge): [string, Row] => [
        `of a registry that does not ask for sign-in, to a host that does, gives it nothing: ${challenge}`,
        {
          web: { [REGISTRY]: redirect(`${OTHER}/x`), [OTHER]: asks(challenge) },
          act: twice(read),
          seen: { [REGISTRY]: ['nothing'], [OTHER]: ['nothing'] },
          fails: /was answered 401/,
          open: true,
        },
      ]),
    ),
    'to a host that asks for sign-in by Bearer gets no token, and none is fetched for it': {
      web: { [REGISTRY]: redirect(`${OTHER}/x`), [OTHER]: asks(`Bearer realm="${OTHER}/token",scope="x"`) },
      act: twice(read),
      seen: { ...SIGNED_IN, [OTHER]: ['nothing'] },
      fails: /was answered 401/,
    },
    ...Object.fromEntries(
      [PLAIN, 'http://storage.example', PRIVATE, METADATA, MACHINE].map((origin): [string, Row] => [
        `to ${origin} is refused`,
        {
          web: { [REGISTRY]: redirect(`${origin}/x`), [origin]: gives(CONTENT) },
          act: download,
          seen: SIGNED_IN,
          fails: /at another address: it leads to/,
        },
      ]),
    ),
  },
  'the realm of a challenge': {
    'on another public host gets the password, and its token goes to the registry alone': {
      web: { [REGISTRY]: gives(MANIFEST) },
      act: twice(read),
      seen: SIGNED_IN,
    },
    'that is relative is on the registry': {
      web: {
        [REGISTRY]: ({ path, authorization }) => {
          if (path.startsWith('/token')) return { status: 200, body: '{"token":"t0ken"}' };
          return authorization ? MANIFEST : asks('Bearer realm="/token",service="s"')();
        },
      },
      act: read,
      seen: { [REGISTRY]: ['nothing', 'basic', 'bearer'] },
    },
    ...Object.fromEntries(
      [PLAIN, 'http://auth.example', PRIVATE, METADATA, MACHINE].map((origin): [string, Row] => [
        `at ${origin} is refused`,
        {
          web: { [REGISTRY]: asks(`Bearer realm="${origin}/token"`), [origin]: gives({ status: 200, body: '{}' }) },
          act: read,
          seen: { [REGISTRY]: ['nothing'] },
          fails: /through its token service: it leads to/,
        },
      ]),
    ),
    'that redirects to another host takes the password nowhere': {
      web: { [REGISTRY]: () => undefined, [AUTH]: redirect(`${OTHER}/token`, 302), [OTHER]: takes },
      act: read,
      seen: { [REGISTRY]: ['nothing'], [AUTH]: ['basic'] },
      fails: /redirects to storage\.example, which gets no secrets/,
    },
    'that redirects to another host takes a refresh token nowhere': {
      web: { [REGISTRY]: () => undefined, [AUTH]: redirect(`${OTHER}/token`), [OTHER]: takes },
      act: read,
      seen: { [REGISTRY]: ['nothing'], [AUTH]: ['refresh token'] },
      fails: /redirects to storage\.example, which gets no secrets/,
      credentials: REFRESH,
    },
    'that asks for sign-in itself gets no second answer': {
      web: { [REGISTRY]: () => undefined, [AUTH]: asks(`Bearer realm="${OTHER}/token"`), [OTHER]: takes },
      act: read,
      seen: { [REGISTRY]: ['nothing'], [AUTH]: ['basic'] },
      fails: /^Cannot sign in to registry\.example/,
    },
    'on another host gets nothing of a job that has a token for this one': {
      web: { [REGISTRY]: () => undefined, ...SERVICE },
      act: read,
      seen: { [REGISTRY]: ['nothing'] },
      fails: /the token of this job is for registry\.example alone/,
      credentials: JOBS_OWN,
    },
    'on another port gets nothing of a job that has a token for this one': {
      web: { [REGISTRY]: asks(`Bearer realm="${PORT}/token"`), [PORT]: gives({ status: 200, body: '{"token":"x"}' }) },
      act: read,
      seen: { [REGISTRY]: ['nothing'] },
      fails: /the token of this job is for registry\.example alone/,
      credentials: JOBS_OWN,
    },
  },
  'the Link to the next page': {
    ...Object.fromEntries(
      [OTHER, PORT, PLAIN, PRIVATE].map((origin): [string, Row] => [
        `at ${origin} is not followed`,
        {
          web: {
            [REGISTRY]: linksTo(`${origin}/v2/owner/demo/tags/list?n=2`),
            [origin]: gives({ status: 200, body: '{}' }),
          },
          act: list,
          seen: SIGNED_IN,
          fails: /continues its list at/,
        },
      ]),
    ),
    'on the registry itself is, with its token': {
      web: {
        [REGISTRY]: ({ path }) =>
          path.includes('last')
            ? { status: 200, body: '{"tags":["1.1"]}' }
            : linksTo('/v2/owner/demo/tags/list?last=1.0')(),
      },
      act: list,
      seen: SIGNED_IN,
    },
  },
};

/** Registries that may send us inside the network, since they are there themselves. */
const INSIDE = 'https://10.0.0.9';
const BESIDE = 'http://localhost:5000';
/** The metadata service of a cloud, and neighbours on the wire, in notations that all mean such an address. */
const LINK_LOCAL = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[::169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  'metadata.google.internal',
];

const plainRows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    [BASIC, REFRESH, { kind: 'anonymous' } as const].map((credentials): [string, Row] => [
      `gives nothing to a token service on another host without TLS: ${credentials.kind}`,
      {
        at: PLAIN,
        web: {
          [PLAIN]: asks('Bearer realm="http://evil.example/token"'),
          'http://evil.example': gives({ status: 200, body: '{"token":"t0ken"}' }),
        },
        act: twice(read),
        seen: { [PLAIN]: ['nothing'] },
        fails: /token service: it leads to http:\/\/evil\.example, another host that is not reached over https/,
        credentials,
      },
    ]),
  ),
  'gives nothing to such a token service where it is on this machine': {
    at: BESIDE,
    web: {
      [BESIDE]: asks('Bearer realm="http://evil.example/token"'),
      'http://evil.example': gives({ status: 200, body: '{"token":"t0ken"}' }),
    },
    act: twice(read),
    seen: { [BESIDE]: ['nothing'] },
    fails: /another host that is not reached over https/,
  },
  'gives the password to a token service on another port of its host': {
    at: PLAIN,
    web: {
      [PLAIN]: ({ authorization }) =>
        authorization ? MANIFEST : asks('Bearer realm="http://registry.example:5001/token"')(),
      'http://registry.example:5001': gives({ status: 200, body: '{"token":"t0ken"}' }),
    },
    act: read,
    seen: { [PLAIN]: ['nothing', 'bearer'], 'http://registry.example:5001': ['basic'] },
  },
  'gives the password to a token service elsewhere that has TLS': {
    at: PLAIN,
    web: { [PLAIN]: gives(MANIFEST) },
    act: read,
    seen: { [PLAIN]: ['nothing', 'bearer'], [AUTH]: ['basic'] },
  },
  ...Object.fromEntries(
    ['http://evil.example/token', 'http://registry.example:5001/token', 'https://registry.example/token'].map(
      (next): [string, Row] => [
        `gives the password to nobody to whom its token service redirects: ${next}`,
        {
          at: PLAIN,
          web: {
            [PLAIN]: ({ path }) =>
              path.startsWith('/token') ? redirect(next)() : asks('Bearer realm="/token",service="s"')(),
            [new URL(next).origin]: takes,
          },
          act: read,
          seen: { [PLAIN]: ['nothing', 'basic'] },
          fails: /which gets no secrets/,
        },
      ],
    ),
  ),
  'drops them where it redirects to another host without TLS': {
    at: PLAIN,
    web: { [PLAIN]: redirect('http://storage.example/x'), 'http://storage.example': gives(CONTENT) },
    act: download,
    seen: { [PLAIN]: ['nothing', 'bearer'], [AUTH]: ['basic'], 'http://storage.example': ['nothing'] },
  },
  'drops them where the bytes of an upload go to another host without TLS': {
    at: PLAIN,
    web: { [PLAIN]: opensAt('http://storage.example/up'), 'http://storage.example': takes },
    act: upload,
    seen: { [PLAIN]: ['nothing', 'bearer'], [AUTH]: ['basic'], 'http://storage.example': ['nothing'] },
  },
  'is not followed to the next page on another host': {
    at: PLAIN,
    web: { [PLAIN]: linksTo('http://evil.example/v2/owner/demo/tags/list?n=2'), 'http://evil.example': takes },
    act: list,
    seen: { [PLAIN]: ['nothing', 'bearer'], [AUTH]: ['basic'] },
    fails: /continues its list at/,
  },
};

/** The ways on which a registry sends us elsewhere. */
const ways: Readonly<Record<string, readonly [act: Row['act'], answer: (to: string) => Row['web'][string]]>> = {
  'by a redirect': [download, redirect],
  'by a redirect of a write': [write, (to) => redirect(to, 308)],
  'with the bytes of an upload': [upload, opensAt],
  'for a token': [read, (to) => asks(`Bearer realm="${to}",service="s"`)],
  'to the next page': [list, linksTo],
};
const linkLocalRows = Object.fromEntries(
  [REGISTRY, PLAIN, INSIDE, BESIDE].flatMap((at) =>
    Object.entries(ways).flatMap(([way, [act, answer]]) =>
      LINK_LOCAL.map((host): [string, Row] => {
        const web = { [at]: answer(`${new URL(at).protocol}//${host}/x`) };
        const fails =
          way === 'to the next page' ? /continues its list at/ : /a link-local address or the metadata service/;
        const signedIn = { [at]: ['nothing', 'bearer'], [AUTH]: ['basic'] } as const;
        const seen = way === 'for a token' ? { [at]: ['nothing'] as const } : signedIn;
        return [`at ${host} is never where ${at} sends us ${way}`, { at, web, act, seen, fails }];
      }),
    ),
  ),
);

describe.each(Object.entries({ ...rows, 'a registry without TLS': plainRows, 'a link-local address': linkLocalRows }))(
  '%s',
  (_, cases) => {
    /** Requests to hosts that no row knows. */
    const strangers: unknown[] = [];
    const note = (request: unknown): void => void strangers.push(request);
    beforeAll(() => {
      nock.disableNetConnect();
      nock.emitter.on('no match', note);
    });
    afterEach(() => {
      nock.cleanAll();
      expect(strangers.splice(0)).toEqual([]);
    });
    afterAll(() => {
      nock.emitter.off('no match', note);
      nock.enableNetConnect();
    });

    it.each(Object.entries(cases))(
      '%s',
      async (_title, { web, act, seen, fails, credentials = BASIC, open = false, at = REGISTRY }) => {
        const came = new Map<string, Carries[]>();
        for (const [origin, answer] of Object.entries({ ...SERVICE, ...web }))
          serve(origin, answer, came, open || origin !== at);
        const masked: string[] = [];
        const store = storeOn(
          { host: new URL(at).host, credentials },
          {
            scheme: at.startsWith('https:') ? 'https' : 'http',
            clock: new FakeClock(),
            masker: { mask: (secret) => void masked.push(secret) },
          },
        );
        const acted = act(store.repository(parseRepositoryName('owner/demo')));
        await (fails ? expect(acted).rejects.toThrow(fails) : acted);
        expect(Object.fromEntries(came)).toEqual(seen);
        expect(masked).not.toContain('robin');
        store.close();
      },
    );
  },
);

afterAll(() => nock.restore());

/** Answers for an origin, and keeps what each kind of request brought along. */
function serve(origin: string, answer: Row['web'][string], came: Map<string, Carries[]>, open: boolean): void {
  const scope = nock(origin).persist();
  for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
    scope.intercept(/.*/, method).reply(function (path, sent) {
      const { authorization } = this.req.headers as { authorization?: string };
      const carried = carriedBy(authorization, JSON.stringify(sent));
      const before = came.get(origin) ?? [];
      if (before.at(-1) !== carried) came.set(origin, [...before, carried]);
      const given = answer({ method, path, authorization }) ?? CHALLENGE;
      // The API of the registry is for those who signed in.
      const lets = open || authorization !== undefined || !path.startsWith('/v2/');
      const { status, headers = {}, body = '' } = lets || given.status === 401 ? given : CHALLENGE;
      return [status, body, headers];
    });
  }
}

function carriedBy(authorization: string | undefined, body: string): Carries {
  if (body.includes('r3fresh')) return 'refresh token';
  if (authorization === undefined) return 'nothing';
  if (authorization === `Basic ${Buffer.from('robin:s3cret').toString('base64')}`) return 'basic';
  if (authorization === 'Bearer t0ken') return 'bearer';
  throw new Error(`Nobody was to send ${authorization}`);
}
