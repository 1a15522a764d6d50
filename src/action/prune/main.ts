/** The step: reads its inputs, prunes, writes outputs and summary, sets the exit code. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { explain } from '../../core/errors.js';
import { type Failure, failureOf, failureText } from '../../core/failure.js';
import { jsonText } from '../../core/text/json-text.js';
import { printableLines } from '../../core/text/printable.js';
import { prunedLines, prunedMarkdown, prunedMembers, versionsGone } from '../../prune/work/report.js';
import { systemClock, systemRandom } from '../../run/machine/system.js';
import { userAgent } from '../../run/machine/version.js';
import { type PruneOutcome, pruneRun } from '../../run/pruning/prune-run.js';
import { PRUNE_INPUTS } from '../../run/settings/inputs.js';
import { interruptOf } from '../../run/stopping/interrupt.js';
import { ActionLog } from '../shared/action-log.js';
import { AnnotationBudget } from '../shared/annotation-budget.js';
import { inputNamed, readInputs } from '../shared/inputs.js';

/** How a workflow has it carried out. */
const APPLY = 'set `apply: true`';

/** The step, from its inputs to its outputs. Failing means `process.exitCode`; nothing is thrown for it. */
export async function main(process: NodeJS.Process): Promise<void> {
  const log = new ActionLog(core, new AnnotationBudget());
  const interrupt = interruptOf(process);
  try {
    const inputs = readInputs((name) => (name === 'oci-layout' ? '' : core.getInput(name)), PRUNE_INPUTS);
    const outcome = await pruneRun(inputs, {
      env: process.env,
      log,
      masker: { mask: (secret) => secret !== '' && core.setSecret(secret) },
      clock: systemClock,
      random: systemRandom,
      signal: interrupt.signal,
      progress: { start: () => {}, more: () => {}, sent: () => {}, done: () => {}, end: () => {} },
      spelled: inputNamed,
      userAgent: userAgent('action'),
    });
    await deliver(outcome, log, process.env.RUNNER_TEMP || tmpdir());
  } catch (error) {
    fail([failureOf(error)], log);
  } finally {
    interrupt.release();
  }
}

/** A summary that cannot be written must not turn what was done red; outputs must, for the steps that use them. */
async function deliver(outcome: PruneOutcome, log: ActionLog, temp: string): Promise<void> {
  const { packages, settings } = outcome;
  for (const pruned of packages) {
    await log.group(pruned.image, async () => {
      for (const line of prunedLines(pruned, APPLY)) log.info(line);
    });
  }
  const failures = [...outcome.failures];
  await setOutputs(outcome, temp).catch((error) => failures.push(failureOf(error)));
  if (settings.summary && packages.length) {
    const text = ['## Old packages', '', ...packages.map((pruned) => prunedMarkdown(pruned, APPLY))].join('\n');
    await core.summary
      .addRaw(text)
      .write()
      .catch((error) => log.warning(`Cannot write the job summary: ${explain(error)}`));
  }
  fail(failures, log);
}

async function setOutputs({ packages, failures, calls, settings }: PruneOutcome, temp: string): Promise<void> {
  const folder = await mkdtemp(join(resolve(temp), 'pyoci-prune-'));
  const result = join(folder, 'result.json');
  const document = {
    ok: failures.length === 0,
    applied: settings.apply,
    deletedVersions: versionsGone(packages),
    packages: packages.map(prunedMembers),
    apiCalls: calls || undefined,
    errors: failures.map(({ subject, message, hint }) => ({ subject, message, hint })),
  };
  await writeFile(result, jsonText(document));
  core.setOutput('going', packages.flatMap(({ fates }) => fates).filter(({ goes }) => goes).length);
  core.setOutput('deleted', versionsGone(packages));
  core.setOutput('result', result);
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
  core.setFailed(`Cannot prune everything: ${failures.length} failures, each with its cure in the log`);
}
