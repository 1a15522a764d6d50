import { DocumentReader } from '../catalog/document-reader.js';
import { planDownload } from '../catalog/download-plan.js';
import { type Pulled, pull as pullFiles } from '../catalog/pull.js';
import { readVersion } from '../catalog/stored-package.js';
import { UsageError } from '../core/errors.js';
import { sizeText } from '../core/size.js';
import { failureOf } from '../publish/report.js';
import { DownloadFolder } from '../run/download-folder.js';
import type { World } from '../run/face.js';
import type { RawInputs } from '../run/inputs.js';
import { withPackage } from '../run/package.js';
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
      lines: linesOf(pulled, installCommand(directory, repository.name, version.version)),
      members: { image: `${image}:${tag}`, digest: version.digest, directory, files: pulled.files },
      failures: pulled.failed.map(({ file, error }) => failureOf(error, file)),
    };
  });
}

function linesOf({ files, failed }: Pulled, install: string): readonly string[] {
  return [
    ...files.map(({ file, size, status }) => `${status.padEnd(10)}  ${file} (${sizeText(size)})`),
    ...(failed.length ? [] : [`Install with: ${install}`]),
  ];
}

function installCommand(directory: string, repository: string, version: string): string {
  const folder = /^[\w./~-]+$/.test(directory) ? directory : `'${directory.replaceAll("'", "'\\''")}'`;
  return `pip install --no-index --find-links ${folder} ${repository.split('/').at(-1)}==${version}`;
}
