import { unlessAborted } from '../core/cancellation.js';
import { PublishError } from '../core/errors.js';
import { type GitHubJob, githubJob } from '../github/job.js';
import { publish } from '../publish/publish.js';
import type { Outcome } from '../publish/report/outcome.js';
import type { Address, Report } from '../publish/report/report.js';
import { StoppedError } from '../publish/report/stopped.js';
import { checkedFiles } from './checked-files.js';
import type { Face } from './face.js';
import { isRerun, openJournals } from './journals.js';
import { openTarget } from './open-store.js';
import { createdAt } from './settings/created.js';
import { commandPrefix } from './settings/image-name.js';
import type { RawInputs } from './settings/inputs.js';
import { readSettings, type Settings } from './settings/settings.js';
import { afterGrace } from './stopping/grace.js';

/** A run that is over. `settings` are missing where they were what was wrong. */
export interface Finished {
  readonly report: Report;
  readonly settings: Settings | undefined;
}

/** The one story that both faces tell: read the settings, check every file, publish. Never throws: it is in the report. */
export async function publishRun(raw: RawInputs, face: Face): Promise<Finished> {
  for (const secret of [raw.password.trim(), raw['github-token'].trim()]) if (secret !== '') face.masker.mask(secret);
  let settings: Settings | undefined;
  let address: Address | undefined;
  face.log.debug(`${face.userAgent} on Node ${process.version}`);
  try {
    const job = githubJob(face.env);
    settings = readSettings(raw, job, face.spelled);
    const outcome = await publishTo(settings, job, face, (known) => {
      address = known;
    });
    return { settings, report: { address, outcome, error: stopOf(face, outcome) } };
  } catch (error) {
    if (error instanceof Error && !(error instanceof PublishError)) face.log.debug(error.stack ?? error.message);
    return { settings, report: { address, outcome: undefined, error: stopOf(face, undefined) ?? error } };
  }
}

/** What stopped the run is what is told, whatever broke in consequence. */
function stopOf({ signal }: Face, outcome: Outcome | undefined): StoppedError | undefined {
  return signal.aborted ? new StoppedError(signal.reason, outcome) : undefined;
}

/**
 * Whatever is still on its way when the run is decided ends with it, so that nothing is said after the report. Told to
 * stop, nobody waits for what comes before the first write; requests of the store have a moment more.
 */
async function publishTo(
  settings: Settings,
  job: GitHubJob | undefined,
  world: Face,
  found: (address: Address) => void,
): Promise<Outcome> {
  const over = new AbortController();
  const face = { ...world, signal: AbortSignal.any([world.signal, over.signal]) };
  const created = createdAt(face.env.SOURCE_DATE_EPOCH, face.clock.now());
  const { versions, warnings } = await unlessAborted(checkedFiles(settings, face), face.signal);
  if (!versions.length) return { dryRun: settings.dryRun, versions: [], warnings };
  const lasting = { ...face, signal: afterGrace(world.signal, over.signal, world.clock) };
  const target = await unlessAborted(openTarget(settings, job, lasting), face.signal);
  found(target.address);
  try {
    const { ifExists, dryRun, coordination, concurrency, annotations } = settings;
    const outcome = await publish(
      {
        store: target.store,
        registry: target.address.registry,
        commandPrefix: commandPrefix(target.origin, target.address.folder),
        namespace: target.address.namespace,
        versions,
        ifExists,
        dryRun,
        coordination,
        rerun: isRerun(face.env),
        openJournal: await unlessAborted(openJournals(settings, job, target, created, face), face.signal),
        concurrency,
        annotations,
        created,
        run: job?.run,
      },
      face,
    );
    return { ...outcome, warnings: [...warnings, ...outcome.warnings] };
  } finally {
    over.abort(new PublishError('the run is over'));
    target.close();
  }
}
