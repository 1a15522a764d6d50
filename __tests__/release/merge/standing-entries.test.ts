import type { JsonObject } from '../../../src/oci/descriptor.js';
import { decode } from '../../../src/oci/document.js';
import { DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { ARTIFACT_TYPE } from '../../../src/pyoci/layout.js';
import { standingEntries } from '../../../src/release/merge/standing-entries.js';

const IMAGE = 'ghcr.io/o/foo:1.0';
const document = (value: JsonObject, type = OCI_INDEX) => decode(Buffer.from(JSON.stringify(value)), type, 'x');

describe('a tag that is to be written', () => {
  it('lists nothing where there is none yet', () => {
    expect(standingEntries(undefined, IMAGE)).toEqual([]);
  });

  it.each([
    ['an OCI image', document({ schemaVersion: 2, config: {}, layers: [] }, OCI_MANIFEST)],
    ['a Docker image', document({ schemaVersion: 2, config: {}, layers: [] }, DOCKER_MANIFEST)],
    ['an index of images', document({ schemaVersion: 2, manifests: [] })],
    ['another artifact', document({ schemaVersion: 2, manifests: [], artifactType: 'application/x' })],
    ['an index without a list', document({ schemaVersion: 2, artifactType: ARTIFACT_TYPE })],
  ])('is refused if it holds %s, and that is named', (_what, foreign) => {
    expect(() => standingEntries(foreign, IMAGE)).toThrow(
      `Cannot publish to ${IMAGE}: the tag holds ${foreign.descriptor.mediaType}`,
    );
  });
});
