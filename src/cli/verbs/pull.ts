/** The verb `pull`: its options, its help, and the download of one version. */
import { readAttachments } from '../../catalog/attachments.js';
import { readContents } from '../../catalog/contents.js';
import { DocumentReader } from '../../catalog/document-reader.js';
import { planAttachments } from '../../catalog/download/attachment-plan.js';
import { planDownload } from '../../catalog/download/download-plan.js';
import { fileFor } from '../../catalog/download/for-python.js';
import { type Pulled, pull as pullFiles } from '../../catalog/download/pull.js';
import { readVersion } from '../../catalog/find.js';
import type { IndexedFile, StoredIndex } from '../../catalog/version.js';
import { UsageError, UserError } from '../../core/errors.js';
import { failureOf } from '../../core/failure.js';
import { shellWord } from '../../core/text/shell.js';
import { sizeText } from '../../core/text/size.js';
import { DownloadFolder } from '../../run/download-folder.js';
import { askThisPython } from '../../run/machine/this-python.js';
import { withPackage } from '../../run/open-repository.js';
import { FLAG, SIGN_IN_HELP } from '../arguments.js';
import { IMAGE_HELP, READING, readingLine, VERSIONS_HELP } from '../reading.js';
import { type Result, resultOf } from '../result.js';
import { completed } from '../secrets.js';
import { type CommandWorld, defineVerb } from '../verb.js';
import { type SpecifiedLine, specified, wantedVersion } from './versions.js';

export interface PullLine extends SpecifiedLine {
  /** The folder the files go to. */
  readonly directory: string;
  readonly force: boolean;
  /** Only the file that the Python on the PATH would install. */
  readonly forThisPython: boolean;
  /** Whether what is attached is pulled as well. */
  readonly attachments: boolean;
}

const HELP = `Usage: pyoci-publish pull [options] IMAGE:TAG[@DIGEST]
       pyoci-publish pull [options] IMAGE VERSIONS

Downloads the files of one version and verifies every byte of them, for
  pip install --no-index --find-links FOLDER NAME

${IMAGE_HELP}${VERSIONS_HELP}
  -d, --directory FOLDER     where the files go (default: here)
  --for-this-python          only the file that python3 on PATH would install
  --attachments              attestations, SBOMs and what else is attached, too
  --force                    replace files of the same name with other bytes

${SIGN_IN_HELP}
  --concurrency NUMBER       downloads in flight (default 4)
  --json                     print the result as JSON, on standard output
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

/** Downloads the files of one version. */
export const pull = defineVerb({
  name: 'pull',
  help: HELP,
  options: {
    ...READING,
    directory: { type: 'string', short: 'd' },
    force: FLAG,
    attachments: FLAG,
    'for-this-python': FLAG,
  },
  deed: 'the pull',
  read: ({ values, positionals }): PullLine => {
    const { directory = '.', force = false, attachments = false, ...others } = values;
    const { 'for-this-python': forThisPython = false, ...reading } = others;
    if (directory === '')
      throw new UsageError('Cannot pull: -d names no folder', { hint: 'leave it out to pull here' });
    return {
      ...specified(readingLine({ values: reading, positionals }, 'pull')),
      directory,
      force,
      forThisPython,
      attachments,
    };
  },
  run,
});

async function run(line: PullLine, world: CommandWorld): Promise<Result> {
  const { directory, force } = line;
  const inputs = await completed(line, world);
  return withPackage(line.image, inputs, world, async (found) => {
    const { repository, image, digest, concurrency, signal } = found;
    const reader = new DocumentReader(concurrency, signal);
    const python = line.forThisPython ? await askThisPython(signal) : undefined;
    const serves = ({ files }: StoredIndex): boolean => python === undefined || fileFor(files, python) !== undefined;
    const tag =
      line.specifiers === undefined
        ? found.tag
        : await wantedVersion(line.specifiers, found, reader, world.log, serves);
    if (tag === undefined) {
      throw new UsageError(`Cannot pull ${image}: it names no version`, {
        hint: `add a tag, as in ${image}:1.0, or a specifier, as in '>=1.0'; \`pyoci-publish show\` lists what there is`,
      });
    }
    const whole = await readVersion(repository, image, { tag, digest }, reader);
    const index = python === undefined ? whole : reducedTo(fileFor(whole.files, python), whole, `${image}:${tag}`);
    const version = await readContents(repository, index, reader);
    const plan = planDownload(version, `${image}:${tag}`);
    const attached = line.attachments
      ? planAttachments((await readAttachments(repository, index, reader)).attachments, `${image}:${tag}`)
      : { files: [], passedOver: [] };
    for (const passed of attached.passedOver) {
      world.log.warning(`Passed over, since no name of it can be trusted: the attachment ${passed}`);
    }
    for (const passed of plan.passedOver) world.log.warning(`Passed over, since it is no distribution: ${passed}`);
    const folder = new DownloadFolder(directory, process.pid, world.random);
    const options = { force, concurrency };
    const wanted = [...plan.files, ...attached.files];
    const pulled = await pullFiles(repository, wanted, folder, options, { ...world, signal });
    const names = new Set(attached.files.map(({ filename }) => filename));
    const files = pulled.files.filter(({ file }) => !names.has(file));
    const attachments = line.attachments ? pulled.files.filter(({ file }) => names.has(file)) : undefined;
    return resultOf(
      linesOf(pulled, nextStep(version, pulled, directory)),
      { image: `${image}:${tag}`, digest: version.digest, directory, files, attachments },
      pulled.failed.map(({ file, error }) => failureOf(error, file)),
    );
  });
}

/** @throws UserError if there is no such file */
function reducedTo(file: IndexedFile | undefined, index: StoredIndex, image: string): StoredIndex {
  if (file) return { ...index, files: [file] };
  const names = index.files.map(({ served }) => served).join(', ');
  throw new UserError(`Cannot pull ${image}: it has no file that this Python installs, but ${names || 'none at all'}`, {
    hint: 'choose another Python or another version, or leave out --for-this-python',
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
  { kind, tag, version, repository, files }: StoredIndex,
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
