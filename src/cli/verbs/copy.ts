/** The verb `copy`: its options, its help, and the lines it prints. */
import { copyLines, copyMembers } from '../../copy/report.js';
import { failureOf } from '../../core/failure.js';
import { copyRun } from '../../run/copying/copy-run.js';
import type { CopyFlags } from '../../run/copying/copy-settings.js';
import { COPY_INPUTS, type CopyInputs, givenInputs } from '../../run/settings/inputs.js';
import {
  type Arguments,
  checkPasswords,
  FLAG,
  HELP_FLAG,
  refuseEmpty,
  SIGN_IN,
  SIGN_IN_HELP,
  TEXT,
} from '../arguments.js';
import { type Result, resultOf } from '../result.js';
import { completed } from '../secrets.js';
import { type CommandWorld, defineVerb, type Line } from '../verb.js';

export interface CopyLine extends Line {
  readonly inputs: CopyInputs;
  readonly places: readonly string[];
  readonly flags: CopyFlags;
  readonly passwordStdin: boolean;
}

const HELP = `Usage: pyoci-publish copy [options] SOURCE... DESTINATION

Copies packages or single versions from one place to another, byte for byte.
What the destination has is kept, and running again completes a copy.

  SOURCE, DESTINATION        a package, as in ghcr.io/octo-org/my_package, with
                             :1.0 for one version; a namespace with a slash at
                             its end, as in ghcr.io/octo-org/
  --from-oci-layout FOLDER   sources are in an OCI image layout folder, as in
                             octo-org/my_package; without SOURCE: all of it
  --to-oci-layout FOLDER     the destination is such a folder; one argument
                             alone is the source then, and names stay
  --versions SPECIFIER       only these, as in '>=1.2,<2'; pre-releases as pip
  --pre                      pre-releases too, wherever the specifier takes them
  --only-finals              no pre-releases
  --since AGE                only versions with a file younger than 12h, 30d
  --no-attachments           files alone
  --if-exists WHAT           error (default), skip or replace, if a file of this
                             name is there with other bytes
  --dry-run                  only say what would be copied

${SIGN_IN_HELP}  --from-username NAME, --from-password TEXT
                             for the source, if it is another registry
  --concurrency NUMBER       transfers in flight (default 4)
  --json, --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const OPTIONS = {
  ...SIGN_IN,
  'from-username': TEXT,
  'from-password': TEXT,
  'from-oci-layout': TEXT,
  'to-oci-layout': TEXT,
  versions: TEXT,
  since: TEXT,
  pre: FLAG,
  'only-finals': FLAG,
  attachments: FLAG,
  'if-exists': TEXT,
  'dry-run': FLAG,
  concurrency: TEXT,
  json: FLAG,
  help: HELP_FLAG,
} as const;

/** Copies packages and versions. */
export const copy = defineVerb({
  name: 'copy',
  help: HELP,
  options: OPTIONS,
  deed: 'the copy',
  read,
  run,
});

function read({ values, positionals }: Arguments<typeof OPTIONS>): CopyLine {
  checkPasswords(values);
  refuseEmpty(values, ['versions', 'since', 'if-exists', 'from-oci-layout', 'to-oci-layout']);
  const {
    help,
    json = false,
    'password-stdin': passwordStdin = false,
    pre = false,
    'only-finals': onlyFinals = false,
    attachments = true,
    'dry-run': dryRun = false,
    ...texts
  } = values;
  const flags = { preReleases: pre, onlyFinals, attachments, dryRun };
  return { inputs: givenInputs(COPY_INPUTS, texts), places: positionals, flags, json, passwordStdin };
}

async function run(line: CopyLine, world: CommandWorld): Promise<Result> {
  const { places, flags } = line;
  const report = await copyRun({ places, inputs: await completed(line, world), flags }, world);
  const failures = report.failed.map(({ source, error }) => failureOf(error, source));
  return resultOf(copyLines(report), copyMembers(report), failures);
}
