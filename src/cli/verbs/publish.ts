/** The verb that publishes: its options, its help, and the publish itself. */
import { UsageError } from '../../core/errors.js';
import { completionOf, failuresOf, type Report } from '../../publish/report/report.js';
import { reportLines } from '../../publish/report/report-lines.js';
import { resultDocument } from '../../publish/report/result-document.js';
import { publishRun } from '../../run/publish-run.js';
import { givenInputs, PUBLISH_INPUTS, type PublishInputs } from '../../run/settings/inputs.js';
import { type Arguments, checkPasswords, FLAG, HELP_FLAG, SIGN_IN, SIGN_IN_HELP, TEXT } from '../arguments.js';
import { literalFinder } from '../literal-finder.js';
import type { Result } from '../result.js';
import { completed } from '../secrets.js';
import { type CommandWorld, defineVerb, type Line, type Verb } from '../verb.js';

export interface PublishLine extends Line {
  readonly inputs: PublishInputs;
  /** Literal paths. */
  readonly paths: readonly string[];
  readonly passwordStdin: boolean;
}

const OPTIONS = {
  ...SIGN_IN,
  registry: TEXT,
  namespace: TEXT,
  'if-exists': TEXT,
  'if-no-files-found': TEXT,
  attachments: TEXT,
  attach: { type: 'string', multiple: true },
  annotations: { type: 'string', multiple: true },
  'default-annotations': FLAG,
  'oci-layout': TEXT,
  'dry-run': FLAG,
  coordination: TEXT,
  'job-index': TEXT,
  'job-total': TEXT,
  concurrency: TEXT,
  'pyoci-url': TEXT,
  json: FLAG,
  help: HELP_FLAG,
  version: FLAG,
} as const;

/** Publishes files. It is what the command does without a verb, so it knows the names of those that there are. */
export function publishBeside(verbs: readonly string[]): Verb<PublishLine> {
  return defineVerb({
    name: 'publish',
    help: helpBeside(verbs),
    options: OPTIONS,
    deed: 'the publish',
    read: (given) => read(given, verbs),
    run,
  });
}

function helpBeside(verbs: readonly string[]): string {
  return `Usage: pyoci-publish [options] FILES...
       pyoci-publish ${verbs.join('|')} --help

Publishes built Python distributions (wheels and sdists) to an OCI registry,
where pip and uv install them from through PyOCI. The verbs look into files
(check) or a registry (show), get files back (pull), or delete old ones (prune).

Where to:
  --registry HOST[:PORT]     default ghcr.io; http://HOST for one without TLS
  --namespace NAME           whose packages these are, as in octo-org/python
  --oci-layout FOLDER        an OCI image layout folder instead of a registry

${SIGN_IN_HELP}
What to do:
  --if-exists WHAT           error (default), skip or replace, if a file of this
                             name is published with other bytes
  --if-no-files-found WHAT   error (default), warn or ignore
  --attachments WHAT         auto (default), what lies beside a file as
                             FILE.publish.attestation, .cdx.json and so on; none
  --attach TYPE=FILE         to the version: attestation, sbom, signature or a
                             word of yours; may be given many times
  --dry-run                  do everything but write
  --annotations LINE         key=value, manifest:key=value or index:key=value;
                             may be given many times
  --no-default-annotations   leave out title, description, licenses and so on
  --concurrency NUMBER       uploads in flight (default 4)
  --coordination WHAT        auto (default), journal, settle, off or cache
  --job-index NUMBER         place of this job in its matrix, from 0
  --job-total NUMBER         how many jobs the matrix has
  --pyoci-url URL            in the index URL (default https://pyoci.com)

  --json                     print the result as JSON, on standard output
  --version, --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;
}

function read({ values, positionals }: Arguments<typeof OPTIONS>, verbs: readonly string[]): PublishLine {
  const [first] = positionals;
  if (first === undefined) {
    throw new UsageError('Cannot publish: no files are named', {
      hint: 'name them after the options, as in `pyoci-publish --namespace octo-org dist/*`; --help shows all options',
    });
  }
  if (verbs.includes(first)) {
    throw new UsageError(`Cannot tell what "${first}" is: it is not the first word`, {
      hint: `write a verb in front of all options, as in \`pyoci-publish ${first} --help\`, and a file of this name as ./${first}`,
    });
  }
  checkPasswords(values);
  const {
    annotations,
    attach,
    help,
    version,
    json = false,
    'password-stdin': passwordStdin = false,
    ...others
  } = values;
  const { 'default-annotations': defaults, 'dry-run': dryRun, ...texts } = others;
  const inputs = givenInputs(PUBLISH_INPUTS, {
    ...texts,
    files: positionals.join('\n'),
    annotations: annotations?.join('\n') ?? '',
    attach: attach?.join('\n') ?? '',
    'default-annotations': worded(defaults),
    'dry-run': worded(dryRun),
  });
  return { inputs, paths: positionals, json, passwordStdin };
}

function worded(flag: boolean | undefined): string {
  return flag === undefined ? '' : String(flag);
}

/** Its text for people is a log: it goes to standard error, beside a JSON document as well. */
async function run(line: PublishLine, world: CommandWorld): Promise<Result> {
  const report = await completed(line, world).then(
    async (inputs) => (await publishRun(inputs, { ...world, files: literalFinder(line.paths) })).report,
    (error: unknown): Report => ({ address: undefined, outcome: undefined, error }),
  );
  return {
    lines: reportLines(report),
    people: 'standard error',
    document: resultDocument(report),
    failures: failuresOf(report),
    wrongUsage: report.error instanceof UsageError,
    completion: completionOf(report),
  };
}
