import assert from 'node:assert/strict';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isDigest, parseDigest } from '../../src/core/digest.js';
import { isTag, parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { hintFor } from '../../src/oci/registry/refusal/hints.js';
import { parseReasons, reasonText } from '../../src/oci/registry/refusal/reasons.js';
import { parseToken } from '../../src/oci/registry/sign-in/token.js';
import { explanationIn } from '../../src/oci/registry/transport/answer-body.js';
import { delayBeforeRetry, PATIENCE, parseRetryAfter } from '../../src/oci/registry/transport/retry.js';
import { each, endless, type Target, target, textOf } from './target.js';

/** Four times what Node takes as headers of one answer. */
const HEADER = 64 * 1024;
/** What is read of a refusal. */
const BODY = 64 * 1024;
const NOW = Date.UTC(2026, 7, 1);

const retries = target(
  'Retry-After',
  fc.tuple(
    fc.oneof(
      textOf(
        '1',
        '0',
        '9',
        '-',
        '+',
        '.',
        'e',
        'Sat, 01 Aug 2026 00:00:00 GMT',
        'Sat',
        ', ',
        '01',
        ' Aug ',
        '2026',
        ':',
        'Infinity',
        'NaN',
        '0x10',
      ),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    ),
    fc.nat(10),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  ),
  ([text, attempt, chance]) => {
    const retryAfter = parseRetryAfter(text, NOW);
    assert.ok(retryAfter === undefined || (Number.isFinite(retryAfter) && retryAfter >= 0));
    const delay = delayBeforeRetry({ attempt, waitedForStep: 0, waitedInAll: 0, retryAfter }, chance, PATIENCE);
    assert.ok(delay === undefined || (delay >= 0 && delay <= PATIENCE.longestRetryAfter + PATIENCE.longestDelay));
  },
  () => each(endless(HEADER, ['', '1']), (text) => [text, 1, 0.5] as [string, number, number]),
);

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const bodies = fc.oneof(
  fc.json(),
  fc
    .record({
      errors: fc.array(
        fc.record({ code: fc.jsonValue(), message: fc.jsonValue(), detail: fc.jsonValue() }, { requiredKeys: [] }),
      ),
    })
    .map((value) => JSON.stringify(value)),
  textOf(
    '{"errors":[',
    '{"code":"DENIED"',
    ',"message":"::error::x"',
    '}',
    ']}',
    '<html><title>',
    '</title>',
    '##[error]',
    '\u202e',
  ),
  textOf(
    '<html>',
    '<title>',
    '</title>',
    '<p>',
    '</p>',
    '<!--',
    '-->',
    '<script>',
    '</script>',
    '<![CDATA[',
    ']]>',
    '<Code>',
    '</Code>',
    '<Message>',
    '&#58;&#58;error&#58;&#58;',
    '&#x202e;',
    '&#x1b;',
    '&#35;&#35;[error]',
    '&#1114112;',
    '&constructor;',
    'the tag is immutable',
  ),
);

const reasons = target(
  'refusals',
  bodies,
  (text) => {
    const found = parseReasons(text);
    assert.ok(found.length <= 5);
    assert.doesNotMatch(reasonText(found), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[/u);
    for (const part of found.flatMap((each) => Object.values(each))) assert.doesNotMatch(part, /::/);
    assert.ok(reasonText(found).length <= 2_001);
  },
  function* () {
    yield* endless(BODY, ['', '<title>', '"', '{"errors":"', '<Code>', '<html><p>']);
    for (const word of ['<p>', '<!--', '<script>', '<![CDATA[', '</p', '&#', '&#x1;', '<p></p>'])
      yield word.repeat(BODY / word.length);
    for (const member of ['detail', 'message']) yield `{"errors":[{"${member}":${nested(BODY / 2 - 20)}}]}`;
  },
);

const METHODS: readonly string[] = ['GET', 'PUT'];
const STATUSES: readonly number[] = [200, 302, 400, 401, 403, 404, 405, 412, 415, 429, 500, 503, 511];
const HOSTS = ['ghcr.io', 'registry.example', 'contoso.azurecr.io', '123456789012.dkr.ecr.eu-west-1.amazonaws.com'];

const cures = target(
  'cures',
  fc.tuple(bodies, fc.constantFrom(...STATUSES), fc.constantFrom(...METHODS), fc.constantFrom(...HOSTS)),
  ([text, status, method, host]) => {
    const refusal = {
      step: 'write x',
      method,
      url: '',
      status,
      reasons: parseReasons(text),
      retryAfter: undefined,
    };
    const hint = hintFor(refusal, { host, credentials: { kind: 'anonymous' }, signedIn: false, readOnly: false }) ?? '';
    assert.doesNotMatch(hint, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[|::/u);
    assert.ok(hint.length < 1_000);
  },
  () =>
    each(
      endless(BODY, ['', 'tag ', 'IP address ', 'limit ', 'media type ', 'exceed', 'unknown ', 'account ', 'storage ']),
      (text) => [text, 403, 'PUT', 'registry.example'] as [string, number, string, string],
    ),
);

const packed = target(
  'compressed explanations',
  fc.tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      bodies.map((text) => gzipSync(text)),
      bodies.map((text) => brotliCompressSync(text)),
    ),
    fc.constantFrom('gzip', 'deflate', 'br', 'zstd', '', '__proto__'),
    fc.nat(100),
  ),
  ([bytes, encoding, cut]) => {
    const text = explanationIn(Buffer.from(bytes.subarray(0, bytes.length - cut)), encoding);
    assert.ok(text.length <= BODY);
  },
);

const tokens = target(
  'token answers',
  fc.oneof(
    bodies,
    fc
      .record(
        {
          token: fc.oneof(fc.string(), fc.jsonValue()),
          access_token: fc.string(),
          expires_in: fc.oneof(fc.jsonValue(), fc.double(), fc.string()),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  ),
  (text) => {
    const token = parseToken(Buffer.from(text), NOW);
    if (token === undefined) return;
    assert.match(token.value, /^[!-~]+$/);
    assert.ok(token.renewAt >= NOW);
  },
  () => endless(BODY, ['', '{"token":"']),
);

const references = target(
  'repositories, tags and digests',
  textOf('a', 'B', '/', '.', '_', '__', '-', 'sha256:', '0'.repeat(64), ':', '1'),
  (text) => {
    if (isTag(text)) assert.equal(parseTag(text), text);
    if (isDigest(text)) assert.equal(parseDigest(text), text);
    assert.match(parseRepositoryName(text), /^[a-z0-9._/-]+$/);
  },
  () => endless(64 * 1024, ['', 'a']),
);

export const ANSWER_TARGETS: readonly Target[] = [retries, reasons, cures, packed, tokens, references];
