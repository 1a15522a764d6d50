import { readAllContents } from '../catalog/contents.js';
import { DocumentReader } from '../catalog/document-reader.js';
import { readPackage, readVersion } from '../catalog/find.js';
import { listingLines, listingMembers } from '../catalog/listing.js';
import { packageOf } from '../catalog/package.js';
import type { World } from '../run/face.js';
import { withPackage } from '../run/open-repository.js';
import type { RawInputs } from '../run/settings/inputs.js';
import type { Result } from './result.js';

/** Lists a repository, or one version in it. */
export async function show(name: string, inputs: RawInputs, world: World): Promise<Result> {
  return withPackage(name, inputs, world, async ({ repository, image, argument, tag, digest, concurrency, signal }) => {
    const reader = new DocumentReader(concurrency, signal);
    const indexes =
      tag === undefined
        ? await readPackage(repository, image, reader)
        : packageOf([await readVersion(repository, image, { tag, digest }, reader)]);
    const held = await readAllContents(repository, indexes, reader);
    return { lines: listingLines(held, image, argument), members: listingMembers(held, image), failures: [] };
  });
}
