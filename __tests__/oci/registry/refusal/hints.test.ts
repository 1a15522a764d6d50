import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import type { Refusal } from '../../../../src/oci/registry/refusal/errors.js';
import { hintFor, type Situation } from '../../../../src/oci/registry/refusal/hints.js';

const TOKEN: Credentials = { kind: 'basic', username: 'robin', password: 'ghs_x', source: 'github-token' };
const ANONYMOUS: Credentials = { kind: 'anonymous' };

function hint(
  status: number,
  code = '',
  message = '',
  { refusal: change = {}, ...situation }: Partial<Situation> & { refusal?: Partial<Refusal> } = {},
): string | undefined {
  const reasons = code || message ? [{ code, message, detail: '' }] : [];
  const usual = { step: 'push owner/demo', method: 'PUT', url: '', status, reasons, retryAfter: undefined };
  const refusal: Refusal = { ...usual, ...change };
  return hintFor(refusal, { host: 'ghcr.io', credentials: TOKEN, signedIn: false, readOnly: false, ...situation });
}

describe("GitHub's refusals have each a cure of their own", () => {
  it.each([
    ['the job lacks a permission', 'installation not allowed to Write organization package', /"packages: write".*fork/],
    [
      'a package may not be made',
      'installation not allowed to Create organization package',
      /packages: write.*organization.*Package creation/,
    ],
    [
      'a package may not be made, in other words',
      'permission_denied: installation not allowed to Create organization package',
      /packages: write.*organization.*Package creation/,
    ],
    ['the package is not linked', 'permission_denied: write_package', /Manage Actions access.*role Write/],
    [
      'the token has other scopes',
      'permission_denied: The token provided does not match expected scopes.',
      /write:packages/,
    ],
    ['the app is gone', 'permission_denied: The requested installation does not exist.', /GITHUB_TOKEN of the job/],
    [
      'the token has expired',
      'unauthenticated: User cannot be authenticated with the token provided.',
      /expired.*new one/,
    ],
    ['the credentials are wrong', 'denied', /does not accept the credentials from github-token/],
    ['the token is none', 'invalid token', /does not accept the credentials from github-token/],
    ['the scope is too small', 'insufficient_scope: authorization failed', /packages: write/],
  ])('%s', (_, message, cure) => {
    expect(hint(403, 'DENIED', message)).toMatch(cure);
  });

  it('no two of them are the same where the causes differ', () => {
    const messages = [
      'installation not allowed to Write organization package',
      'installation not allowed to Create organization package',
      'permission_denied: write_package',
      'permission_denied: The token provided does not match expected scopes.',
      'permission_denied: The requested installation does not exist.',
      'unauthenticated: User cannot be authenticated with the token provided.',
      'denied',
    ];
    const cures = new Set(messages.map((message) => hint(403, 'DENIED', message)));
    expect(cures.size).toBe(messages.length);
  });

  it('a fine-grained token is named as the cause, whatever the words', () => {
    const credentials: Credentials = { ...TOKEN, password: 'github_pat_11ABC', source: 'password' };
    for (const status of [401, 403]) {
      expect(hint(status, 'DENIED', 'permission_denied: write_package', { credentials })).toMatch(/no fine-grained/);
      expect(hint(status, '', '', { credentials, host: 'containers.ghe.example', onGitHub: true })).toMatch(
        /no fine-grained/,
      );
    }
    expect(hint(403, '', '', { credentials, host: 'registry.example' })).not.toMatch(/fine-grained/);
  });

  it('an unknown 403 names both usual causes', () => {
    expect(hint(403, 'DENIED', 'something new')).toMatch(/packages: write.*Manage Actions access/);
  });
});

describe('refusals of any registry', () => {
  it.each([
    ['401 without credentials', 401, 'UNAUTHORIZED', '', ANONYMOUS, /docker login registry\.example/],
    ['401 with credentials', 401, 'UNAUTHORIZED', '', TOKEN, /does not accept the credentials from github-token/],
    ['403 with credentials', 403, 'DENIED', '', TOKEN, /may not push owner\/demo.*right to push/],
    ['403 without credentials', 403, 'DENIED', '', ANONYMOUS, /username and a password/],
    ['an unknown name', 404, 'NAME_UNKNOWN', '', TOKEN, /namespace.*made before the first push/],
    ['404 without a word', 404, '', '', TOKEN, /registry\.example is a registry/],
    ['a name it does not take', 400, 'NAME_INVALID', '', TOKEN, /lower-case/],
    ['upper case, in words', 400, 'UNKNOWN', 'repository name must be lowercase', TOKEN, /lower-case/],
    ['405', 405, 'UNSUPPORTED', '', TOKEN, /does not offer this/],
    ['407 of a proxy', 407, '', '', TOKEN, /http_proxy/],
    ['412', 412, '', '', TOKEN, /immutable/],
    ['413', 413, '', '', TOKEN, /larger than.*client_max_body_size/],
    ['429', 429, '', '', TOKEN, /wait a few minutes/],
    ['402', 402, '', '', TOKEN, /billing/],
    ['415', 415, '', '', TOKEN, /media types.*another registry/],
    ['507', 507, '', '', TOKEN, /room/],
    ['511 of a network that wants a sign-in', 511, '', '', TOKEN, /browser/],
    ['a limit under another status', 503, 'TOOMANYREQUESTS', '', TOKEN, /wait a few minutes/],
    ['trouble of its own', 502, '', '', TOKEN, /run again later/],
    ['a redirect that cannot be followed', 301, '', '', TOKEN, /redirects/],
    [
      'plain text on a port for TLS',
      400,
      '',
      'Client sent an HTTP request to an HTTPS server.',
      TOKEN,
      /https:\/\/registry\.example/,
    ],
    [
      'plain text on a port for TLS, nginx',
      400,
      '',
      '400 The plain HTTP request was sent to HTTPS port',
      TOKEN,
      /https:\/\/registry\.example/,
    ],
    ['other bytes than those that were checked', 400, 'DIGEST_INVALID', '', TOKEN, /nothing writes into the folder/],
  ])('%s', (_, status, code, message, credentials, cure) => {
    expect(hint(status, code, message, { host: 'registry.example', credentials })).toMatch(cure);
  });

  it('401 to credentials that got a token is a missing right, not a wrong password', () => {
    const told = hint(401, 'UNAUTHORIZED', 'authentication required', { host: 'registry.example', signedIn: true });
    expect(told).toMatch(/are known to registry\.example but may not push owner\/demo/);
  });

  it('a right to write is not asked for where nothing is written', () => {
    const reading = { readOnly: true, signedIn: true };
    expect(hint(403, 'DENIED', '', reading)).toMatch(/"packages: read".*role Read/);
    expect(hint(401, '', '', { ...reading, host: 'registry.example' })).toMatch(/right to read there/);
    expect(hint(401, '', '', { readOnly: true, credentials: ANONYMOUS })).toMatch(/"packages: read"/);
    expect(hint(404, 'NAME_UNKNOWN', '', reading)).toMatch(/spelling of the repository/);
  });

  it.each<[string, number, Parameters<typeof hint>[3] & { readonly message?: string }]>([
    ['401', 401, {}],
    ['403', 403, {}],
    ['403 in a run that publishes', 403, { readOnly: false, refusal: { method: 'GET', step: 'read owner/demo:1.0' } }],
    ["403 of GitHub's registry", 403, { host: 'ghcr.io' }],
    ['another scope', 403, { host: 'ghcr.io', message: 'does not match expected scopes' }],
    ['too small a scope', 403, { host: 'ghcr.io', message: 'insufficient_scope: no' }],
    ['a fine-grained token', 403, { host: 'ghcr.io', credentials: { ...TOKEN, password: 'github_pat_1' } }],
    ['a package of another repository', 403, { host: 'ghcr.io', message: 'permission_denied: read_package' }],
    ['a maintenance', 503, { message: 'down for maintenance' }],
    ['a quota', 403, { message: 'pull traffic quota exceeded' }],
  ])('a reading is never answered with a cure for writing: %s', (_, status, { message = '', ...situation }) => {
    const reading = {
      host: 'registry.example',
      readOnly: true,
      signedIn: true,
      refusal: { method: 'GET', step: 'read owner/demo:1.0' },
      ...situation,
    };
    const told = hint(status, 'DENIED', message, reading);
    expect(told).toMatch(/\S/);
    expect(told).not.toMatch(/push|write/i);
  });

  it("GitHub's cures are for GitHub's registry alone", () => {
    const mine = ['ghcr.io', 'containers.octo.ghe.com'].map((host) => ({ host }));
    for (const situation of [...mine, { host: 'registry.corp', onGitHub: true }])
      expect(hint(403, 'DENIED', '', situation)).toMatch(/"packages: write"/);
    for (const host of ['containers.example', 'containers.ghe.example', 'ghcr.io.example', 'containers.ghe.com'])
      expect(hint(403, 'DENIED', 'permission_denied: write_package', { host })).not.toMatch(/GitHub|packages: write/);
  });

  it('a token service that refuses has looked at no rights yet', () => {
    const asked = { host: 'registry.example', refusal: { signingIn: true, step: 'sign in to registry.example' } };
    expect(hint(403, '', '', asked)).toMatch(/does not accept the credentials from github-token/);
  });

  it.each([
    ['in place of an answer', 200, /check that registry\.example is the registry and not a web site.*sign in/],
    ['with a refusal', 403, /firewall.*registry\.example\/v2\/.*credentials from github-token/],
    ['for a request that it takes for an attack', 406, /firewall/],
    ['with trouble', 502, /proxy in front of it.*run again later/],
    ['that asks for a login', 401, /does not accept the credentials/],
  ])('a web page comes from somebody else than the registry: %s', (_, status, cure) => {
    expect(hint(status, '', 'Just a page', { host: 'registry.example', refusal: { page: true } })).toMatch(cure);
  });

  it.each([
    ['to TLS', 'https://registry.example', /write https:\/\/registry\.example as the registry/],
    ['to another host', 'https://sso.example', /https:\/\/sso\.example.*moved there.*sign in/],
    ['to a page of its own', 'registry.example/login', /registry\.example\/login.*sign in/],
  ])('a redirect that cannot be followed names where it leads: %s', (_, location, cure) => {
    expect(hint(302, '', '', { host: 'registry.example', refusal: { location } })).toMatch(cure);
  });

  it("Amazon's registry says how to make the repository that it does not make itself", () => {
    const said = "The repository with name 'team/demo' does not exist in the registry with id '123456789012'";
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
    const command = 'aws ecr create-repository --region eu-west-1 --repository-name team/demo';
    expect(hint(404, 'NAME_UNKNOWN', said, { host })).toContain(command);
    const hostile = "repository with name 'x; rm -rf ~' does not exist";
    expect(hint(404, 'NAME_UNKNOWN', hostile, { host })).toContain('--repository-name NAMESPACE/NAME ');
  });

  it('Docker Hub is signed in to without a name', () => {
    const situation = { host: 'registry-1.docker.io', credentials: ANONYMOUS };
    expect(hint(401, '', '', situation)).toMatch(/sign in with: docker login$/);
  });

  it('a limit says how long to wait if the registry does', () => {
    expect(hint(429, '', '', { refusal: { retryAfter: 61_500 } })).toMatch(/wait 62 s/);
  });

  it('what nobody knows a cure for is left to the words of the registry', () => {
    expect(hint(400, 'MANIFEST_INVALID', 'no')).toBeUndefined();
    expect(hint(400, 'constructor', 'no')).toBeUndefined();
  });

  it('no secret is part of any of them', () => {
    for (const status of [200, 301, 400, 401, 402, 403, 404, 405, 407, 412, 413, 415, 429, 500, 507, 511]) {
      for (const host of ['ghcr.io', 'registry.example'])
        expect(hint(status, '', '', { host }) ?? '').not.toContain('ghs_x');
    }
  });
});
