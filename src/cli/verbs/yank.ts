/** The verb `yank`: its options, its help, and what became of the version. */
import { UsageError } from '../../core/errors.js';
import { givenInputs, YANK_INPUTS, type YankInputs } from '../../run/settings/inputs.js';
import { type YankOutcome, yankRun } from '../../run/yanking/yank-run.js';
import { type Arguments, checkPasswords, FLAG, HELP_FLAG, SIGN_IN, SIGN_IN_HELP, TEXT } from '../arguments.js';
import { IMAGE_HELP } from '../reading.js';
import { type Result, resultOf } from '../result.js';
import { completed } from '../secrets.js';
import { type CommandWorld, defineVerb, type Line } from '../verb.js';

export interface YankLine extends Line {
  readonly inputs: YankInputs;
  readonly image: string;
  readonly undo: boolean;
  readonly dryRun: boolean;
  readonly passwordStdin: boolean;
}

const HELP = `Usage: pyoci-publish yank [options] IMAGE:TAG

Marks a version so that installers pass over it (PEP 592), unless it is pinned
by == in a requirement. Its files stay, and --undo takes the mark away.

The index of \`pyoci-publish serve\` tells pip and uv. A PyOCI server does not
know of yanked versions: it goes on serving this one as before.

${IMAGE_HELP}  --reason TEXT              why, which installers show
  --undo                     let installers take it again
  --dry-run                  only say what would change

${SIGN_IN_HELP}
  --json                     print the result as JSON
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const OPTIONS = {
  ...SIGN_IN,
  'oci-layout': TEXT,
  reason: TEXT,
  undo: FLAG,
  'dry-run': FLAG,
  json: FLAG,
  help: HELP_FLAG,
} as const;

/** Marks a version as yanked, or no longer so. */
export const yank = defineVerb({
  name: 'yank',
  help: HELP,
  options: OPTIONS,
  deed: 'the yank',
  read,
  run,
});

function read({ values, positionals }: Arguments<typeof OPTIONS>): YankLine {
  const [image, ...others] = positionals;
  if (image === undefined || others.length) {
    throw new UsageError(
      `Cannot yank: expected one version, found ${image === undefined ? 'none' : positionals.join(' ')}`,
      { hint: 'name one, as in `pyoci-publish yank ghcr.io/octo-org/my_package:1.0`' },
    );
  }
  checkPasswords(values);
  const { undo = false, 'dry-run': dryRun = false, json = false, 'password-stdin': passwordStdin = false } = values;
  if (undo && values.reason !== undefined) {
    throw new UsageError('Cannot yank: --undo and --reason are both given', { hint: 'leave out --reason' });
  }
  const { help, undo: _undo, 'dry-run': _dry, json: _json, 'password-stdin': _stdin, ...texts } = values;
  return { inputs: givenInputs(YANK_INPUTS, texts), image, undo, dryRun, json, passwordStdin };
}

async function run(line: YankLine, world: CommandWorld): Promise<Result> {
  const { image, undo, dryRun } = line;
  const outcome = await yankRun({ image, inputs: await completed(line, world), undo, dryRun }, world);
  const { word, status } = outcome;
  const said = word && { yanked: word.yanked, reason: word.reason, at: new Date(word.at).toISOString() };
  return resultOf(linesOf(outcome), { image: outcome.image, status, dryRun, ...said }, []);
}

function linesOf({ image, status, dryRun, word }: YankOutcome): readonly string[] {
  const reason = word?.reason ? `: ${word.reason}` : '';
  const now = word?.yanked ? `yanked${reason}` : 'not yanked';
  switch (status) {
    case 'unchanged':
      return [`unchanged  ${image} is ${now}`];
    case 'overruled':
      return [`overruled  ${image} is ${now}: somebody said so later, at the same time as this command`];
    case 'restored':
      return [`${dryRun ? 'would restore' : 'restored'}  ${image}: installers take it again`];
    case 'yanked':
      return [
        `${dryRun ? 'would yank' : 'yanked'}  ${image}${reason}`,
        'pip and uv pass over it through pyoci-publish serve, unless it is pinned. A PyOCI server does not know of this and serves it as before.',
      ];
  }
}
