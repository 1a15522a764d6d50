/** The verb `prune`: its options, its help, and what became of each package. */
import { UsageError } from '../../core/errors.js';
import { prunedLines, prunedMembers, versionsGone } from '../../prune/work/report.js';
import { pruneRun } from '../../run/pruning/prune-run.js';
import { givenInputs, PRUNE_INPUTS, type PruneInputs } from '../../run/settings/inputs.js';
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

export interface PruneLine extends Line {
  readonly inputs: PruneInputs;
  readonly passwordStdin: boolean;
}

const OPTIONS = {
  ...SIGN_IN,
  dev: FLAG,
  pre: FLAG,
  local: FLAG,
  finals: FLAG,
  'keep-last': TEXT,
  'older-than': TEXT,
  per: TEXT,
  keep: { type: 'string', multiple: true },
  untagged: FLAG,
  apply: FLAG,
  'trust-created': FLAG,
  'even-all': FLAG,
  'oci-layout': TEXT,
  concurrency: TEXT,
  json: FLAG,
  help: HELP_FLAG,
} as const;

const HELP = `Usage: pyoci-publish prune PACKAGE... RULES [--apply]

Shows which versions of a package the rules take, and deletes them only with
--apply. A package is named as in ghcr.io/octo-org/my_package.

Which versions may go: at least one of
  --dev, --pre               1.0.dev3; 1.0a1, 1.0b1 and 1.0rc1
  --local, --finals          1.0+cu12; 1.0 and 1.0.post1
Which of them go: those that none of these keeps
  --keep-last NUMBER         so many of the newest of each class stay
  --per LINE                 major, minor or release: of each of these lines
  --older-than AGE           younger ones stay; s, m, h, d, w, as in 30d
  --keep VERSIONS            '>=1.2,<2' or '1.4.*' stay; may be repeated
  --untagged                 files that belong to no version, after a day

  --apply                    delete what goes
  --trust-created            ages by what publishers say, where a registry
                             has no times of its own
  --even-all                 every version may go, and the newest final
  --oci-layout FOLDER        an OCI image layout folder instead of a registry

${SIGN_IN_HELP}
  --concurrency NUMBER       requests in flight (default 16)
  --json                     print the result as JSON
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

/** Deletes old versions by rules. */
export const prune = defineVerb({
  name: 'prune',
  help: HELP,
  options: OPTIONS,
  deed: 'the prune',
  read,
  run,
});

function read({ values, positionals }: Arguments<typeof OPTIONS>): PruneLine {
  if (!positionals.length) {
    throw new UsageError('Cannot prune: no package is named', {
      hint: 'name one, as in `pyoci-publish prune ghcr.io/octo-org/my_package --dev --keep-last 5`',
    });
  }
  checkPasswords(values);
  refuseEmpty(values, ['keep', 'keep-last', 'older-than', 'per', 'oci-layout']);
  const { help, json = false, 'password-stdin': passwordStdin = false, keep, ...others } = values;
  const texts = Object.entries(others).map(([name, value]) => [name, String(value)]);
  const inputs = givenInputs(PRUNE_INPUTS, {
    ...Object.fromEntries(texts),
    packages: positionals.join('\n'),
    keep: keep?.join('\n') ?? '',
  });
  return { inputs, json, passwordStdin };
}

async function run(line: PruneLine, world: CommandWorld): Promise<Result> {
  const { packages, failures, calls, settings } = await pruneRun(await completed(line, world), world);
  const result = resultOf(
    packages.flatMap((pruned, at) => [...(at ? [''] : []), ...prunedLines(pruned, 'add --apply')]),
    {
      applied: settings.apply,
      deletedVersions: versionsGone(packages),
      packages: packages.map(prunedMembers),
      apiCalls: calls || undefined,
    },
    failures,
  );
  return settings.apply ? result : { ...result, completion: 'nothing was to be deleted' };
}
