import { DocumentReader } from '../catalog/document-reader.js';
import { planDownload } from '../catalog/download/download-plan.js';
import { type Pulled, pull as pullFiles } from '../catalog/download/pull.js';
import { readVersion } from '../catalog/stored-package.js';
import type { StoredVersion, UnseenFiles } from '../catalog/stored-version.js';
import { UsageError } from '../core/errors.js';
import { failureOf } from '../core/failure.js';
import { shellWord } from '../core/text/shell.js';
import { sizeText } from '../core/text/size.js';
import { DownloadFolder } from '../run/download-folder.js';
import type { World } from '../run/face.js';
import { withPackage } from '../run/open-repository.js';
import type { RawInputs } from '../run/settings/inputs.js';
import type { Result } from './result.js';
import type { PullLine } from './verbs.js';

/** Downloads the files of one version. */
export async function pull(
  { image: name, directory, force }: PullLine,
  inputs: RawInputs,
  world: World,
): Promise<Result> {
  return withPackage(name, inputs, world, async ({ repository, image, tag, digest, concurrency, signal }) => {
    if (tag === undefined) {
      throw new UsageError(`Cannot pull ${image}: it names no version`, {
        hint: `add a tag, as in ${image}:1.0; \`pyoci-publish show\` lists what there is`,
      });
    }
    const version = await readVersion(repository, image, { tag, digest }, new DocumentReader(concurrency, signal));
    const plan = planDownload(version, `${image}:${tag}`);
    for (const passed of plan.passedOver) world.log.warning(`Passed over, since it is no distribution: ${passed}`);
    const folder = new DownloadFolder(directory, process.pid, world.random);
    const options = { force, concurrency };
    const pulled = await pullFiles(repository, plan.files, folder, options, { ...world, signal });
    return {
      lines: linesOf(pulled, nextStep(version, pulled, directory)),
      members: { image: `${image}:${tag}`, digest: version.digest, directory, files: pulled.files },
      failures: pulled.failed.map(({ file, error }) => failureOf(error, file)),
    };
  });
}

function linesOf({ files, failed }: Pulled, next: string | undefined): readonly string[] {
  return [
    ...files.map(({ file, size, status }) => `${status.padEnd(10)}  ${file} (${sizeText(size)})`),
    ...(failed.length || next === undefined ? [] : [next]),
  ];
}

/** What files whose names PyOCI has cut are pulled for is another thing than installing them. */
function nextStep(
  { kind, tag, version, repository, files }: StoredVersion | UnseenFiles,
  pulled: Pulled,
  directory: string,
): string | undefined {
  const cut = new Set(files.flatMap(({ trueNames }) => trueNames.map(({ filename }) => filename)));
  if (pulled.files.some(({ file }) => cut.has(file))) {
    return `To let pip find them: publish what is in ${shellWord(directory)}, then delete the tag ${tag}`;
  }
  if (kind === 'unseen') return undefined;
  return `Install with: pip install --no-index --find-links ${shellWord(directory)} ${repository}==${version}`;
}
