import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestOf } from '../../src/core/digest.js';
import { nextPage } from '../../src/oci/registry/lists/link.js';
import { uploadUrl } from '../../src/oci/registry/location.js';
import { isLinkLocal, isLocal, sameHost, sameOrigin } from '../../src/oci/registry/origins/origin.js';
import { parseChallenges } from '../../src/oci/registry/sign-in/challenge.js';
import { parseRealm } from '../../src/oci/registry/sign-in/realm.js';
import { parseScopes, scopeTexts } from '../../src/oci/registry/sign-in/scope.js';
import { redacted } from '../../src/oci/registry/transport/redaction.js';
import { each, endless, type Target, target, textOf } from './target.js';

/** Four times what Node takes as headers of one answer. */
const HEADER = 64 * 1024;
const REGISTRY = new URL('https://ghcr.io/v2/owner/demo/blobs/uploads/');
const DIGEST = digestOf(Buffer.from(''));

const challenges = target(
  'WWW-Authenticate',
  fc.array(
    textOf(
      'Bearer ',
      'Basic ',
      'realm=',
      '"https://a.example/token"',
      ', ',
      'service=',
      'scope=',
      '"repository:a/b:pull,push"',
      '"a \\" b"',
      '=',
      '"',
      '\\',
      'x',
      'Negotiate TlRMTVNTUAAB==',
    ),
    { maxLength: 3 },
  ),
  (values) => {
    for (const { scheme, parameters } of parseChallenges(values)) {
      assert.equal(scheme, scheme.toLowerCase());
      for (const [name, value] of Object.entries(parameters))
        assert.ok(name === name.toLowerCase() && typeof value === 'string');
    }
  },
  () => each(endless(HEADER, ['', 'Bearer ', 'Bearer realm="', 'Bearer a=']), (text) => [text]),
);

const quoted = fc.string({ unit: fc.constantFrom('a', ' ', ',', '=', '"', '\\', ':', '/'), maxLength: 12 });
const parameterNames = fc.constantFrom('realm', 'service', 'scope', 'error', 'charset');
const printed = target(
  'WWW-Authenticate, as written by a server',
  fc.array(
    fc.tuple(
      fc.constantFrom('bearer', 'basic', 'digest'),
      fc.uniqueArray(fc.tuple(parameterNames, quoted), { selector: ([name]) => name, maxLength: 4 }),
    ),
    { maxLength: 3 },
  ),
  (schemes) => {
    const text = schemes
      .map(
        ([scheme, parameters]) =>
          `${scheme} ${parameters.map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`).join(', ')}`,
      )
      .join(', ');
    assert.deepEqual(
      parseChallenges([text]),
      schemes.map(([scheme, parameters]) => ({ scheme, parameters: Object.fromEntries(parameters) })),
    );
  },
);

const scopes = target(
  'scopes',
  textOf('repository:', 'a/b', ':', 'pull', 'push', ',', ' ', '*', 'registry:catalog:*'),
  (text) => {
    for (const scope of scopeTexts(parseScopes(text))) assert.doesNotMatch(scope, /^$|\s/);
  },
  () => endless(HEADER),
);

const resources = fc.constantFrom('repository:a/b', 'repository:host:5000/a', 'registry:catalog');
const actions = fc.subarray(['delete', 'pull', 'push'], { minLength: 1 });
const scopesPrinted = target('scopes, as written by a server', fc.dictionary(resources, actions), (wanted) => {
  const texts = Object.entries(wanted).map(([resource, names]) => `${resource}:${names.join(',')}`);
  assert.deepEqual(scopeTexts(parseScopes(texts.join(' '))), texts);
});

const links = target(
  'Link',
  textOf(
    '<',
    '>',
    '/v2/a/tags/list?n=1&last=b',
    'https://evil.example/',
    '; ',
    'rel=',
    '"next"',
    'next',
    ', ',
    '"',
    'rel="prev next"',
    'title="a, <b>"',
  ),
  (text) => {
    const url = nextPage(text, REGISTRY);
    assert.ok(url === undefined || url instanceof URL);
  },
  () => endless(HEADER, ['', '<', '<a>; rel=', '<a>; rel="']),
);

const addresses = textOf(
  'https://',
  'http://',
  '//',
  '/',
  'ghcr.io',
  'evil.example',
  '@',
  ':443',
  ':8080',
  '127.0.0.1',
  '[::1]',
  '[::ffff:10.0.0.1]',
  '169.254.169.254',
  '2130706433',
  'localhost',
  '.',
  '?',
  '_state=a%2Fb',
  '#',
  'user:secret@',
  '\\',
  ' ',
);

const locations = target(
  'Location',
  addresses,
  (text) => {
    const url = uploadUrl(text, REGISTRY, DIGEST);
    assert.deepEqual(url.searchParams.getAll('digest').at(-1), DIGEST);
    assert.deepEqual([url.username, url.password, url.hash], ['', '', '']);
    assert.doesNotMatch(redacted(url), /[?&]_state=(?!\*\*\*)/);
  },
  () => endless(HEADER, ['', 'https://', '/v2/?']),
);

const realms = target(
  'token services',
  fc.tuple(addresses, fc.boolean()),
  ([text, ownHostOnly]) => {
    const url = parseRealm(text, REGISTRY, ownHostOnly);
    assert.equal(url.protocol, 'https:');
    assert.ok(!isLocal(url) && url.username === '' && url.password === '');
    if (ownHostOnly) assert.ok(sameOrigin(url, REGISTRY));
  },
  () => each(endless(HEADER, ['', 'https://']), (text) => [text, true] as [string, boolean]),
);

const PLAIN = new URL('http://registry.corp:5000');
const plainRealms = target(
  'token services of registries without TLS',
  addresses,
  (text) => {
    const url = parseRealm(text, PLAIN, false);
    assert.ok(url.protocol === 'https:' || (url.protocol === 'http:' && sameHost(url, PLAIN)));
    assert.ok(!isLinkLocal(url) && url.username === '' && url.password === '');
  },
  () => endless(HEADER, ['', 'http://']),
);

export const REGISTRY_TARGETS: readonly Target[] = [
  challenges,
  printed,
  scopes,
  scopesPrinted,
  links,
  locations,
  realms,
  plainRealms,
];
