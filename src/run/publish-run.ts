/** One publish from written inputs to a report: settings, checked files, an open store, the job. */
import { unlessAborted } from '../core/cancellation.js';
import { UserError } from '../core/errors.js';
import { type GitHubJob, githubJob } from '../github/job.js';
import { publish } from '../publish/publish.js';
import type { Outcome } from '../publish/report/outcome.js';
import type { Address, Report } from '../publish/report/report.js';
import { StoppedError } from '../publish/report/stopped.js';
import { checkedFiles } from './checked-files.js';
import type { Face } from './face.js';
import { type OpenStore, openStore, type StorePlace } from './open-store.js';
import { protectionOf } from './protection.js';
import { createdAt } from './settings/created.js';
import { commandPrefix } from './settings/image-name.js';
import type { PublishInputs } from './settings/inputs.js';
import { maskLogin } from './settings/login.js';
import { readSettings, type Settings } from './settings/settings.js';
import { lifetimeOf } from './stopping/lifetime.js';

/** A run that is over. `settings` are missing where they were what was wrong. */
export interface Finished {
  readonly report: Report;
  readonly settings: Settings | undefined;
}

/** The one story that both faces tell: read the settings, check every file, publish. Never throws: it is in the report. */
export async function publishRun(raw: PublishInputs, face: Face): Promise<Finished> {
  maskLogin(raw, face.masker);
  face.log.debug(`${face.userAgent} on Node ${process.version}`);
  let settings: Settings | undefined;
  try {
    const job = githubJob(face.env);
    settings = readSettings(raw, job, face.spelled);
    return { settings, report: await checkAndPublish(settings, job, face) };
  } catch (error) {
    return { settings, report: failedReport(face, undefined, error) };
  }
}

/** Before the first write nothing is waited for once the run is told to stop. */
async function checkAndPublish(settings: Settings, job: GitHubJob | undefined, face: Face): Promise<Report> {
  const created = createdAt(face.env.SOURCE_DATE_EPOCH, face.clock.now());
  const { signal, lasting, end } = lifetimeOf(face.signal, face.clock);
  const access = { login: settings.login, readOnly: settings.dryRun };
  try {
    const checked = await unlessAborted(checkedFiles(settings, { ...face, signal }), signal);
    const { versions, warnings } = checked;
    if (!versions.length) return report(face, undefined, { dryRun: settings.dryRun, versions: [], warnings });
    const open = await unlessAborted(
      openStore(storePlaceOf(settings), access, job, { ...face, signal: lasting }),
      signal,
    );
    const address = addressOf(settings, open);
    try {
      const outcome = await publishTo(open, versions, settings, job, created, { ...face, signal });
      return report(face, address, { ...outcome, warnings: [...warnings, ...outcome.warnings] });
    } catch (error) {
      return failedReport(face, address, error);
    } finally {
      end();
      open.close();
    }
  } finally {
    end();
  }
}

async function publishTo(
  open: OpenStore,
  versions: Awaited<ReturnType<typeof checkedFiles>>['versions'],
  settings: Settings,
  job: GitHubJob | undefined,
  created: string,
  face: Face,
): Promise<Outcome> {
  const { ifExists, dryRun, concurrency, annotations, place } = settings;
  const protection = await unlessAborted(protectionOf(settings, job, open, created, face), face.signal);
  return publish(
    {
      versions,
      store: open.store,
      registry: open.origin?.host,
      commandPrefix: commandPrefix(open.origin, place.kind === 'layout' ? place.folder : undefined),
      namespace: place.namespace,
      context: { annotations, created, run: job?.run },
      ifExists,
      dryRun,
      protection,
      concurrency,
    },
    face,
  );
}

function storePlaceOf({ place }: Settings): StorePlace {
  return place.kind === 'layout' ? place : { ...place, within: place.namespace };
}

function addressOf({ place, pyociUrl }: Settings, { origin }: OpenStore): Address {
  return {
    registry: origin?.host,
    scheme: origin?.scheme ?? 'https',
    namespace: place.namespace,
    folder: place.kind === 'layout' ? place.folder : undefined,
    pyociUrl,
  };
}

function report(face: Face, address: Address | undefined, outcome: Outcome): Report {
  return { address, outcome, error: stopOf(face, outcome) };
}

function failedReport(face: Face, address: Address | undefined, error: unknown): Report {
  if (error instanceof Error && !(error instanceof UserError)) face.log.debug(error.stack ?? error.message);
  return { address, outcome: undefined, error: stopOf(face, undefined) ?? error };
}

/** What stopped the run is what is told, whatever broke in consequence. */
function stopOf({ signal }: Face, outcome: Outcome | undefined): StoppedError | undefined {
  return signal.aborted ? new StoppedError(signal.reason, outcome) : undefined;
}
