/** The verb `check`: its options, its help, and what is wrong with files. */
import { posix } from 'node:path';
import type { Attachment } from '../../check/attachments/attachment.js';
import { inspectFiles } from '../../check/check.js';
import { discover } from '../../check/discover.js';
import { type FileProblem, UsageError, UserError } from '../../core/errors.js';
import { fileFailures } from '../../core/failure.js';
import { groupedBy } from '../../core/grouped.js';
import { byText } from '../../core/order.js';
import { sizeText } from '../../core/text/size.js';
import { repositoryOf, tagOf } from '../../pyoci/names.js';
import type { Distribution } from '../../python/distribution.js';
import { FLAG, HELP_FLAG } from '../arguments.js';
import { literalFinder } from '../literal-finder.js';
import { type Result, resultOf } from '../result.js';
import { type CommandWorld, defineVerb, type Line } from '../verb.js';

export interface CheckLine extends Line {
  /** Literal paths, at least one. */
  readonly paths: readonly string[];
}

const HELP = `Usage: pyoci-publish check [--json] FILES...

Reads built Python distributions, and attestations and SBOMs that are named
after them. Says what each would be published as, and all that is wrong with
any of them. Asks no server and writes nothing.

  FILES                      paths; your shell expands patterns such as dist/*

  --json                     print the result as JSON
  --help
Exit status: 0 all can be published, 1 some cannot, 2 wrong usage.
`;

/** Says what files would be published as, and all that is wrong with them. No network. */
export const check = defineVerb({
  name: 'check',
  help: HELP,
  options: { json: FLAG, help: HELP_FLAG },
  deed: 'the check',
  read: ({ values, positionals }): CheckLine => {
    if (!positionals.length) {
      throw new UsageError('Cannot check: no files are named', {
        hint: 'name them, as in `pyoci-publish check dist/*`',
      });
    }
    return { paths: positionals, json: values.json ?? false };
  },
  run,
});

async function run({ paths }: CheckLine, { signal }: CommandWorld): Promise<Result> {
  const named = discover(await literalFinder(paths).find([]));
  const { versions, problems } = await inspectFiles(named.distributions, signal, {
    beside: named.attachments,
    named: [],
  });
  const all = [...named.problems, ...problems];
  const errors = all.filter(({ severity }) => severity === 'error');
  const faulty = new Set(errors.map(({ file }) => file));
  const files = versions.flatMap((version) => version.files);
  const attachments = versions.flatMap((version) => version.attachments ?? []);
  const failures = fileFailures(all);
  if (!files.length && !attachments.length && !failures.length) {
    throw new UserError('Cannot check: there is no wheel and no sdist among these files', {
      hint: 'build first (`python -m build`), then name what is in dist',
    });
  }
  return resultOf(
    [
      ...files.flatMap((file) => fileLines(file, faulty.has(file.path))),
      ...attachments.flatMap(attachmentLines),
      ...problemLines(all.filter(({ severity }) => severity === 'warning')),
      ...named.passedOver.map((path) => `${path}: passed over, since it is no distribution`),
    ],
    {
      files: files.map((file) => fileMember(file, faulty.has(file.path))),
      attachments: attachments.map(attachmentMember),
      problems: all.map(({ severity, file, message, hint }) => ({ severity, file, message, hint })),
      passedOver: named.passedOver,
    },
    failures,
  );
}

function fileLines(file: Distribution, faulty: boolean): readonly string[] {
  const { path, kind, project, version, architecture, bytes } = file;
  return [
    `${path}: ${faulty ? 'see below' : 'good'}`,
    `  ${kind} of ${project} ${version.spelled} (${sizeText(bytes.size)})`,
    `  repository NAMESPACE/${repositoryOf(project)}, tag ${tagOf(version)}, architecture ${architecture}`,
  ];
}

function fileMember({ path, kind, project, version, architecture, bytes }: Distribution, faulty: boolean): object {
  return {
    path,
    file: posix.basename(path),
    ok: !faulty,
    kind,
    project,
    version: version.spelled,
    repository: repositoryOf(project),
    tag: tagOf(version),
    architecture,
    size: bytes.size,
  };
}

function attachmentLines({ path, type, about, architecture }: Attachment): readonly string[] {
  return [`${path}: good`, `  ${type} of ${about?.filename}`, `  architecture ${architecture}`];
}

function attachmentMember({ path, filename, type, about, architecture, sha256, bytes }: Attachment): object {
  return { path, file: filename, type, about: about?.filename, architecture, sha256, size: bytes.size };
}

/** File by file, in the order of their paths. */
function problemLines(problems: readonly FileProblem[]): readonly string[] {
  const sorted = [...problems].sort((a, b) => byText(a.file, b.file));
  return [...groupedBy(sorted, ({ file }) => file).values()].flatMap((found) =>
    found.map(({ file, message, hint }) => `${file}: warning: ${message}${hint === undefined ? '' : ` (${hint})`}`),
  );
}
