import { DocumentReader } from '../catalog/document-reader.js';
import { listingLines, listingMembers } from '../catalog/listing.js';
import { readPackage, readVersion } from '../catalog/stored-package.js';
import type { World } from '../run/face.js';
import type { RawInputs } from '../run/inputs.js';
import { withPackage } from '../run/package.js';
import type { Result } from './result.js';

/** Lists a repository, or one version in it. */
export async function show(name: string, inputs: RawInputs, world: World): Promise<Result> {
  return withPackage(name, inputs, world, async ({ repository, image, tag, digest, concurrency, signal }) => {
    const reader = new DocumentReader(concurrency, signal);
    const held =
      tag === undefined
        ? await readPackage(repository, image, reader)
        : { versions: [await readVersion(repository, image, { tag, digest }, reader)], foreign: [] };
    return { lines: listingLines(held, image), members: listingMembers(held, image), failures: [] };
  });
}
