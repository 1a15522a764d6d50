import assert from 'node:assert/strict';
import fc from 'fast-check';
import { namesOf } from '../../src/catalog/attachments.js';
import { contentOf } from '../../src/check/attachments/content.js';
import { attestedFile, signedIn } from '../../src/check/attachments/statement.js';
import { memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import { isObject } from '../../src/oci/descriptor.js';
import { each, type Target, target } from './target.js';

const HEX = /^[0-9a-f]{64}$/;
const spoilt = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: value as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });

const subject = spoilt(
  fc.record({
    name: spoilt(fc.constantFrom('foo-1.0.tar.gz', '__proto__', '', '../x')),
    digest: spoilt(fc.record({ sha256: spoilt(fc.constantFrom('a'.repeat(64), 'B'.repeat(64), 'x')) })),
  }),
);
const statement = spoilt(
  fc.record({
    _type: spoilt(fc.constant('https://in-toto.io/Statement/v1')),
    subject: spoilt(fc.array(subject, { maxLength: 3 })),
  }),
).map((value) => Buffer.from(JSON.stringify(value)).toString('base64'));

const attestation = fc.record(
  {
    version: spoilt(fc.constant(1)),
    verification_material: fc.constant({}),
    envelope: spoilt(fc.record({ statement: spoilt(statement) })),
  },
  { requiredKeys: [] },
);
const bundle = fc.record(
  {
    mediaType: spoilt(fc.constant('application/vnd.dev.sigstore.bundle.v0.3+json')),
    dsseEnvelope: spoilt(
      fc.record({ payloadType: spoilt(fc.constant('application/vnd.in-toto+json')), payload: spoilt(statement) }),
    ),
    messageSignature: spoilt(
      fc.record({
        messageDigest: spoilt(fc.record({ algorithm: fc.constant('SHA2_256'), digest: spoilt(fc.base64String()) })),
      }),
    ),
  },
  { requiredKeys: [] },
);

const statements = target(
  'attestations and bundles',
  fc.oneof(
    fc.json(),
    attestation.map((value) => JSON.stringify(value)),
    bundle.map((value) => JSON.stringify(value)),
  ),
  (text) => {
    const { value, fault } = contentOf(memoryBytes(Buffer.from(text)), Buffer.from(text));
    assert.equal(value === undefined, fault !== undefined);
    if (!isObject(value)) return;
    for (const read of [() => [attestedFile(value)], () => signedIn(value).subjects]) {
      try {
        const subjects = read();
        assert.ok(subjects.length > 0);
        for (const { name, sha256 } of subjects) assert.ok(HEX.test(sha256) && name !== '');
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'UserError') throw error;
      }
    }
  },
  () => each(['['.repeat(1_000_000), `{"mediaType":${'['.repeat(100_000)}${']'.repeat(100_000)}}`], (text) => text),
);

const layer = { mediaType: 'm', digest: digestOf(Buffer.from('x')), size: 1 };
const name = fc.oneof(
  fc.constantFrom('a.json', 'A.json', '../a', 'a/b', '.a', 'foo-1.0.tar.gz', '__proto__', ''),
  fc.string({ unit: 'grapheme' }),
);

const names = target(
  'names of attachments',
  fc.array(fc.tuple(name, fc.option(name, { nil: undefined })), { maxLength: 6 }),
  (given) => {
    const attachments = given.map(([served, title]) => ({
      served,
      architecture: '.x',
      type: 'x',
      about: undefined,
      declared: undefined,
      manifest: layer,
      content: title === undefined ? undefined : { layer, annotations: {}, title },
    }));
    const found = namesOf(attachments).flatMap((one) => one.name ?? []);
    for (const one of found) assert.doesNotMatch(one, /[/\\\p{C}]|^\.|^$/u);
    assert.equal(new Set(found.map((one) => one.toLowerCase())).size, found.length);
  },
);

export const ATTACHMENT_TARGETS: readonly Target[] = [statements, names];
