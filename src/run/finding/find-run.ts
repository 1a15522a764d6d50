/** One search from written inputs to the packages that were found. */
import { type Criteria, parseLabel } from '../../catalog/finding/criteria.js';
import { type Found, findPackages } from '../../catalog/finding/find-packages.js';
import { githubJob } from '../../github/job.js';
import { parseRepositoryName, type RepositoryName } from '../../oci/reference.js';
import { openStore } from '../open-store.js';
import { InputReader } from '../settings/input-reader.js';
import { FIND_INPUTS, type FindInputs } from '../settings/inputs.js';
import { loginOf, maskLogin } from '../settings/login.js';
import { placeOf } from '../settings/place.js';
import type { World } from '../world.js';
import { repositoriesBelow } from './repository-list.js';

export interface FindWorld extends World {
  readonly spelled: (name: string) => string;
}

export interface FindOutcome extends Found {
  /** Where was looked: `ghcr.io/octo-org`, or a folder. */
  readonly where: string;
  /** What stands before a repository's name when people read it: `ghcr.io/`. */
  readonly prefix: string;
  /** Repositories that were looked through. */
  readonly repositories: number;
  /** Whether each manifest that is read counts as a download, as on GitHub. */
  readonly counts: boolean;
}

const MOST_REQUESTS = 32;

/** @throws UsageError for wrong inputs; UserError if nobody tells which packages there are */
export async function findRun(term: string | undefined, raw: FindInputs, world: FindWorld): Promise<FindOutcome> {
  maskLogin(raw, world.masker);
  const job = githubJob(world.env);
  const input = new InputReader(FIND_INPUTS, raw, world.spelled);
  const place = placeOf(input, job, world.spelled);
  const login = loginOf(input, job, world.spelled);
  const concurrency = input.whole('concurrency', 1, MOST_REQUESTS);
  const criteria: Criteria = {
    term,
    labels: input.lines('label').flatMap((line) => input.understood('label', line, parseLabel) ?? []),
    files: input.lines('file'),
  };
  const { namespace } = place;
  const named = input
    .lines('packages')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .flatMap((name) => input.understood('packages', name, () => below(namespace, name)) ?? []);
  input.finish();

  const at = place.kind === 'layout' ? place : { ...place, within: namespace };
  const open = await openStore(at, { login, readOnly: true, bareTags: true }, job, world);
  try {
    const { store, origin } = open;
    const names = named.length ? named : await repositoriesBelow(open, namespace, job, login.githubToken, world);
    const found = await findPackages(names, (name) => store.repository(name), criteria, concurrency, world.signal);
    const prefix = origin ? `${origin.host}/` : '';
    const counts = origin?.host === 'ghcr.io' || (job !== undefined && (await open.onGitHub().catch(() => false)));
    const where = origin ? `${prefix}${namespace}` : store.label;
    return { ...found, where, prefix, repositories: names.length, counts };
  } finally {
    open.close();
  }
}

function below(namespace: string, name: string): RepositoryName {
  return parseRepositoryName([namespace, name.toLowerCase().replaceAll('-', '_')].filter(Boolean).join('/'));
}
