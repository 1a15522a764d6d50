/** The step: reads its inputs, runs the publish, writes outputs and summary, sets the exit code. */
import { EOL, tmpdir } from 'node:os';
import * as core from '@actions/core';
import { explain } from '../../core/errors.js';
import { type Failure, failureOf, failureText } from '../../core/failure.js';
import { printableLines } from '../../core/text/printable.js';
import { failuresOf } from '../../publish/report/report.js';
import { reportLines } from '../../publish/report/report-lines.js';
import { currentFolder } from '../../run/machine/current-folder.js';
import { homeFolder } from '../../run/machine/home-folder.js';
import { systemClock, systemRandom } from '../../run/machine/system.js';
import { userAgent } from '../../run/machine/version.js';
import { type Finished, publishRun } from '../../run/publish-run.js';
import { PUBLISH_INPUTS } from '../../run/settings/inputs.js';
import { interruptOf } from '../../run/stopping/interrupt.js';
import { UploadProgress } from '../../run/upload-progress.js';
import { ActionLog } from '../shared/action-log.js';
import { AnnotationBudget } from '../shared/annotation-budget.js';
import { inputNamed, readInputs } from '../shared/inputs.js';
import { actionsCache } from './cache-entries.js';
import { globFinder } from './glob-finder.js';
import { type OutputPlace, setOutputs, writeSummary } from './outputs.js';

/** A line of progress as often as this, in milliseconds. */
const PROGRESS_EVERY = 5_000;

/** The step, from its inputs to its outputs. Failing means `process.exitCode`; nothing is thrown for it. */
export async function main(process: NodeJS.Process): Promise<void> {
  const log = new ActionLog(core, new AnnotationBudget());
  const interrupt = interruptOf(process);
  const home = homeFolder();
  try {
    const finished = await publishRun(readInputs(core.getInput, PUBLISH_INPUTS), {
      env: process.env,
      log,
      masker: { mask: (secret) => secret !== '' && core.setSecret(secret) },
      clock: systemClock,
      random: systemRandom,
      signal: interrupt.signal,
      progress: new UploadProgress(systemClock, {
        every: PROGRESS_EVERY,
        show: (text) => log.info(text),
        end: () => {},
      }),
      files: globFinder(currentFolder(process), home),
      spelled: inputNamed,
      userAgent: userAgent('action'),
      cache: home === undefined ? undefined : actionsCache(home),
    });
    await deliver(finished, log, { temp: process.env.RUNNER_TEMP || tmpdir(), lineEnd: EOL });
  } finally {
    interrupt.release();
  }
}

/**
 * Tells what came of the run. A summary that cannot be written must not turn a finished publish red; outputs must: the
 * steps that use them would do nothing, or be skipped, and the job would be green.
 */
async function deliver({ report, settings }: Finished, log: ActionLog, place: OutputPlace): Promise<void> {
  for (const line of reportLines(report)) log.info(line);
  const failures = [...failuresOf(report)];
  await setOutputs(core, report, place).catch((error) => failures.push(failureOf(error)));
  if (settings?.summary !== false) {
    await writeSummary(core, report).catch((error) => log.warning(`Cannot write the job summary: ${explain(error)}`));
  }
  fail(failures, log);
}

/** One failure fails the step by itself; of several each has its own annotation, and the step says how many. */
function fail(failures: readonly Failure[], log: ActionLog): void {
  const [first, ...more] = failures;
  if (!first) return;
  if (!more.length) {
    core.setFailed(printableLines(failureText(first)));
    return;
  }
  for (const failure of failures) log.errorAbout(failure.file, failureText(failure));
  core.setFailed(`Cannot publish everything: ${failures.length} failures, each with its cure in the log`);
}
