/** Which journal publishers of one version meet in: the same for all of them, whatever their luck. */

import type { PackagesApi } from '../github/packages-api.js';
import type { RepositoryName } from '../oci/reference.js';
import { isReferring, type Repository } from '../oci/store.js';
import type { Author, Journal, OpenJournal } from '../release/merge/journal.js';
import { type CacheEntries, CacheJournal, type MatrixPlace } from './cache-journal.js';
import type { Member } from './member.js';
import { PackagesJournal } from './packages-journal.js';
import { ReferrersJournal } from './referrers-journal.js';

/** How publishers of one version keep from undoing each other, as the user chose. */
export type Coordination = 'auto' | 'journal' | 'settle' | 'off' | 'cache';

export interface Circumstances {
  readonly coordination: Coordination;
  /** `undefined` outside of a workflow run: then there is nobody to meet. */
  readonly run: RunPlace | undefined;
  /** The API that lists a package's versions, where the registry is GitHub's own. */
  readonly packages: ((repository: RepositoryName) => PackagesApi) | undefined;
  /** The Actions cache; the command has none. */
  readonly cache: CacheEntries | undefined;
  /** What all journals of the run are opened with. */
  readonly member: Omit<Member, 'meeting' | 'author'>;
}

/** Where in the run this job stands, as far as the runner says. */
export interface RunPlace {
  /** `GITHUB_RUN_ID`, which re-runs keep. */
  readonly id: string;
  /** `GITHUB_RUN_ATTEMPT`, counted from 1. */
  readonly attempt: number;
  /** `GITHUB_JOB`, the same for all legs of a matrix. */
  readonly job: string | undefined;
  /** Place in the matrix, from 0. */
  readonly index: number | undefined;
  /** How many legs the matrix has. */
  readonly total: number | undefined;
}

/** Whether word is to be left for others. A leg that is not told how many there are must take it that there are more. */
export function leavesWord(coordination: Coordination, total: number | undefined): boolean {
  return coordination === 'journal' || (coordination === 'auto' && total !== 1);
}

/** How to open a version's journal; `undefined` where none is wanted, or none can be. Says in the log what is missing. */
export function chooseJournal(circumstances: Circumstances): OpenJournal | undefined {
  const { coordination, run, cache, member } = circumstances;
  if (coordination === 'auto' && !run) return undefined;
  if (coordination !== 'cache' && !leavesWord(coordination, run?.total)) return undefined;
  if (!run) {
    member.log.notice(`coordination: ${coordination} works in a run of GitHub Actions only; timing protects here`);
    return undefined;
  }
  const place = placeIn(run);
  if (coordination === 'cache' && !cache) {
    member.log.notice(
      'coordination: cache works in the action only, for a user with a home folder; timing protects here',
    );
    return undefined;
  }
  if (coordination === 'cache' && !place) {
    member.log.notice(
      'coordination: cache needs `job-index` and `job-total`, which say under what names to look for other jobs; timing protects here',
    );
    return undefined;
  }
  const author = authorIn(run);
  return async (repository, tag) => {
    const present = { ...member, author, meeting: { repository: repository.name, tag, run: run.id } };
    return coordination === 'cache' && cache && place
      ? new CacheJournal(repository, present, cache, place)
      : openOn(repository, present, circumstances);
  };
}

function placeIn({ job, index, total }: RunPlace): MatrixPlace | undefined {
  if (job === undefined || index === undefined || total === undefined) return undefined;
  return { job, index, total };
}

/** Legs that went by one name would take each other's records for their own earlier attempts. */
function authorIn({ job, index, attempt }: RunPlace): Author | undefined {
  return job === undefined || index === undefined ? undefined : { leg: `${job}/${index}`, attempt };
}

/** By the kind of registry: GitHub's lists package versions, others list referrers, some do neither. */
async function openOn(
  repository: Repository,
  member: Member,
  { packages, coordination }: Circumstances,
): Promise<Journal | undefined> {
  if (packages) return new PackagesJournal(repository, member, packages(repository.name));
  const journal = isReferring(repository) ? new ReferrersJournal(repository, member) : undefined;
  if (journal && (await journal.exists())) return journal;
  const text = `${repository.name}: this registry has no Referrers API, so publishers of one run cannot leave word for each other; timing protects`;
  if (coordination === 'journal') member.log.warning(text);
  else member.log.info(text);
  return undefined;
}
