import { digestOf } from '../../../src/core/digest.js';
import { encode } from '../../../src/oci/document.js';
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { missingIn } from '../../../src/oci/registry/missing-references.js';
import { RegistryError } from '../../../src/oci/registry/refusal/errors.js';
import { parseReasons } from '../../../src/oci/registry/refusal/reasons.js';

const descriptor = (text: string, mediaType: string) => ({
  mediaType,
  digest: digestOf(Buffer.from(text)),
  size: text.length,
});
const config = descriptor('{}', OCI_EMPTY);
const layer = descriptor('wheel', 'application/pyoci.package.v1');
const child = descriptor('child', OCI_MANIFEST);
const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] });
const index = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [child] });
const stranger = digestOf(Buffer.from('stranger'));

function refusal(status: number, code: string, message: string, detail?: unknown): RegistryError {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message, detail }] }));
  return new RegistryError({
    step: 'push',
    method: 'PUT',
    url: '',
    status,
    reasons: parseReasons(body.toString()),
    retryAfter: undefined,
  });
}

describe('a refusal for want of a reference is known', () => {
  it.each([
    [
      "by the spec's code",
      manifest,
      refusal(400, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry', { digest: layer.digest }),
      [layer.digest],
    ],
    [
      'where the detail is plain text',
      manifest,
      refusal(400, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown', layer.digest),
      [layer.digest],
    ],
    ['where nothing is named', manifest, refusal(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry'), []],
    ["by Cloudflare's code", manifest, refusal(400, 'BLOB_UNKNOWN', `unknown blob ${config.digest}`), [config.digest]],
    [
      "by crane's code for a child",
      index,
      refusal(404, 'MANIFEST_UNKNOWN', `Sub-manifest "${child.digest}" not found`),
      [child.digest],
    ],
    ["by Quay's words", manifest, refusal(400, 'MANIFEST_INVALID', `Unknown blob \`${layer.digest}\``), [layer.digest]],
    [
      "by zot's words",
      index,
      refusal(400, 'MANIFEST_INVALID', 'manifest invalid', { reference: child.digest }),
      [child.digest],
    ],
    ['by words without a digest', manifest, refusal(400, 'MANIFEST_INVALID', 'blob does not exist'), []],
    [
      'and names nothing that the document does not point at',
      manifest,
      refusal(400, 'MANIFEST_BLOB_UNKNOWN', stranger, layer.digest),
      [layer.digest],
    ],
  ])('%s', (_, document, error, expected) => {
    expect(missingIn(error, document)).toEqual(expected);
  });

  it.each([
    [
      "a media type that GitLab's registry does not know",
      refusal(400, 'MANIFEST_INVALID', 'manifest invalid', 'unknown media type: application/pyoci.package.v1'),
    ],
    [
      'the same with the digest of what has it',
      refusal(400, 'MANIFEST_INVALID', 'manifest invalid', {
        message: 'unknown media type',
        digest: layer.digest,
      }),
    ],
    ['the same of a blob', refusal(400, 'MANIFEST_INVALID', `unknown blob media type of ${layer.digest}`)],
    ['a missing field', refusal(400, 'MANIFEST_INVALID', 'manifest invalid', 'annotation not found')],
    ['a class that is unknown', refusal(400, 'MANIFEST_INVALID', 'unknown manifest class for application/json')],
    ['a size that is wrong', refusal(400, 'MANIFEST_INVALID', `layer ${layer.digest} has another size`)],
    ['a digest that is not ours', refusal(400, 'MANIFEST_INVALID', `${stranger} not found`)],
    ['a manifest that is not valid for another reason', refusal(400, 'MANIFEST_INVALID', 'schema validation failed')],
    ['a missing right', refusal(403, 'DENIED', 'denied')],
    ['an unknown repository', refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry')],
  ])('and not mistaken for %s', (_, error) => {
    expect(missingIn(error, manifest)).toBeUndefined();
  });
});
