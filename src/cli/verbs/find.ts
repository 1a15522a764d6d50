/** The verb `find`: its options, its help, and the table of packages. */
import type { PackageFacts } from '../../catalog/finding/package-facts.js';
import { UsageError } from '../../core/errors.js';
import { sizeText } from '../../core/text/size.js';
import { type FindOutcome, findRun } from '../../run/finding/find-run.js';
import { FIND_INPUTS, type FindInputs, givenInputs } from '../../run/settings/inputs.js';
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

export interface FindLine extends Line {
  readonly inputs: FindInputs;
  readonly term: string | undefined;
  readonly passwordStdin: boolean;
}

const HELP = `Usage: pyoci-publish find [options] [TERM]

Lists the packages of a namespace with their newest version, files, size and
age.

  TERM                       a part of the name, or a pattern such as 'acme-*'
  --file PATTERN             only packages with such a file in the newest
                             version, as in '*cp313*'; may be repeated
  --label KEY[=VALUE]        only packages with this label or annotation; VALUE
                             may be a pattern; may be repeated

Where to look:
  --registry HOST[:PORT]     default ghcr.io; http://HOST for one without TLS
  --namespace NAME           whose packages, as in octo-org
  --oci-layout FOLDER        an OCI image layout folder instead of a registry
  --packages NAMES           these packages only, with commas between them, for
                             registries that do not list what they have

${SIGN_IN_HELP}
  --concurrency NUMBER       requests in flight (default 16, at most 32)
  --json                     print the result as JSON
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const MANY = { type: 'string', multiple: true } as const;
const OPTIONS = {
  ...SIGN_IN,
  registry: TEXT,
  namespace: TEXT,
  'oci-layout': TEXT,
  packages: MANY,
  label: MANY,
  file: MANY,
  concurrency: TEXT,
  json: FLAG,
  help: HELP_FLAG,
} as const;

/** Lists packages by name, file and label. */
export const find = defineVerb({ name: 'find', help: HELP, options: OPTIONS, deed: undefined, read, run });

function read({ values, positionals }: Arguments<typeof OPTIONS>): FindLine {
  const [term, ...others] = positionals;
  if (others.length) {
    throw new UsageError(`Cannot find: expected one name or pattern, found ${positionals.join(' ')}`, {
      hint: "put a pattern in quotes, as in `pyoci-publish find 'acme-*' --namespace octo-org`",
    });
  }
  checkPasswords(values);
  refuseEmpty(values, ['packages', 'label', 'file', 'oci-layout']);
  const { help, json = false, 'password-stdin': passwordStdin = false, packages, label, file, ...texts } = values;
  const lists = { packages, label, file };
  const joined = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list?.join('\n') ?? '']));
  return { inputs: givenInputs(FIND_INPUTS, { ...texts, ...joined }), term, json, passwordStdin };
}

async function run(line: FindLine, world: CommandWorld): Promise<Result> {
  const outcome = await findRun(line.term, await completed(line, world), world);
  const { packages, others, denied, where, prefix } = outcome;
  const members = {
    where,
    packages: packages.map(({ repository, files, ...facts }) => ({ image: `${prefix}${repository}`, ...facts, files })),
    others,
    denied,
  };
  return resultOf(linesOf(outcome, world.clock.now()), members, []);
}

function linesOf(outcome: FindOutcome, now: number): readonly string[] {
  const { packages, others, denied, where, prefix, repositories, counts } = outcome;
  const rows = packages.map((facts) => cellsOf(facts, prefix, now));
  const head = ['PACKAGE', 'NEWEST', 'VERSIONS', 'FILES', 'SIZE', 'AGE'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const text = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const table = rows.length ? [text(head), ...rows.map(text)] : [`No package in ${where} fits`];
  const passed = [
    ...(others.length ? [`${others.length} of other kinds`] : []),
    ...(denied.length ? [`${denied.length} that these credentials may not read`] : []),
  ];
  const looked = `${packages.length} found in ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
  return [
    ...table,
    `${looked}${passed.length ? `; passed over: ${passed.join(', ')}` : ''}`,
    ...(counts ? ['GitHub counts each document that was read as a download of the package.'] : []),
  ];
}

function cellsOf(facts: PackageFacts, prefix: string, now: number): readonly string[] {
  const { repository, version, yanked, versions, files, size, created } = facts;
  return [
    `${prefix}${repository}`,
    yanked ? `${version} (yanked)` : version,
    String(versions),
    String(files.length),
    size === undefined ? '-' : sizeText(size),
    ageText(created, now),
  ];
}

const DAY = 86_400_000;

function ageText(created: string | undefined, now: number): string {
  const days = Math.floor((now - Date.parse(created ?? '')) / DAY);
  if (Number.isNaN(days)) return '-';
  if (days < 1) return 'today';
  return days === 1 ? '1 day' : `${days} days`;
}
