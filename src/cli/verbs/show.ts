/** The verb `show`: its options, its help, and the list of what a repository holds. */
import { readAllAttachments } from '../../catalog/attachments.js';
import { readAllContents } from '../../catalog/contents.js';
import { DocumentReader } from '../../catalog/document-reader.js';
import { readPackage, readVersion } from '../../catalog/find.js';
import { listingLines, listingMembers } from '../../catalog/listing.js';
import { packageOf } from '../../catalog/package.js';
import { withPackage } from '../../run/open-repository.js';
import { SIGN_IN_HELP } from '../arguments.js';
import { IMAGE_HELP, READING, readingLine, VERSIONS_HELP } from '../reading.js';
import { type Result, resultOf } from '../result.js';
import { completed } from '../secrets.js';
import { type CommandWorld, defineVerb } from '../verb.js';
import { type SpecifiedLine, specified, versionsOf } from './versions.js';

const HELP = `Usage: pyoci-publish show [options] IMAGE[:TAG] [VERSIONS]

Lists what a repository holds in PyOCI's layout: versions, files, sizes,
digests, labels, attachments, and tags that do not belong there.

${IMAGE_HELP}${VERSIONS_HELP}
${SIGN_IN_HELP}
  --concurrency NUMBER       requests in flight (default 4)
  --json                     print the result as JSON
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

/** Lists a repository, or one version in it. */
export const show = defineVerb({
  name: 'show',
  help: HELP,
  options: READING,
  deed: undefined,
  read: (given): SpecifiedLine => specified(readingLine(given, 'show')),
  run,
});

async function run(line: SpecifiedLine, world: CommandWorld): Promise<Result> {
  const inputs = await completed(line, world);
  return withPackage(
    line.image,
    inputs,
    world,
    async ({ repository, image, argument, tag, digest, concurrency, signal }) => {
      const reader = new DocumentReader(concurrency, signal);
      const wanted =
        line.specifiers === undefined
          ? undefined
          : await versionsOf(line.specifiers, { repository, image, tag, signal });
      const indexes =
        wanted !== undefined
          ? packageOf(await Promise.all(wanted.map((one) => readVersion(repository, image, { tag: one }, reader))))
          : tag === undefined
            ? await readPackage(repository, image, reader)
            : packageOf([await readVersion(repository, image, { tag, digest }, reader)]);
      const files = await readAllContents(repository, indexes, reader);
      const held = await readAllAttachments(repository, files, reader);
      return resultOf(listingLines(held, image, argument), listingMembers(held, image), []);
    },
  );
}
