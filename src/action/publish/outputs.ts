import { mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type * as core from '@actions/core';
import { explain, UserError } from '../../core/errors.js';
import { checksumsOf, outputsOf } from '../../publish/report/outputs.js';
import { completionOf, type Report } from '../../publish/report/report.js';
import { resultDocument } from '../../publish/report/result-document.js';
import { summaryOf } from '../../publish/report/summary.js';

export interface OutputPlace {
  readonly temp: string;
  /** How lines end on this machine, for the steps after this one. */
  readonly lineEnd: string;
}

/**
 * Sets every output of the step, and writes the two files that outputs name into a new folder below `temp`. What can be
 * written is, even if something else cannot.
 * @throws UserError naming everything that could not be written: steps after this one would be handed nothing, and
 *   those that depend on it would be skipped without a word
 */
export async function setOutputs(
  toolkit: Pick<typeof core, 'setOutput'>,
  report: Report,
  place: OutputPlace,
): Promise<void> {
  const troubles = new Set<string>();
  const paths = await writeFiles(report, place).catch((error: unknown) => {
    troubles.add(`result and checksums: ${explain(error)}`);
    return {};
  });
  for (const [name, value] of Object.entries({ ...outputsOf(report), ...paths })) {
    try {
      toolkit.setOutput(name, value);
    } catch (error) {
      troubles.add(`GITHUB_OUTPUT: ${explain(error)}`);
    }
  }
  if (!troubles.size) return;
  throw new UserError(`Cannot write the outputs of this step: ${[...troubles].join('; ')}; ${completionOf(report)}`, {
    hint: 'make room on the runner, and see that GITHUB_OUTPUT and RUNNER_TEMP name what this step may write; then run the job again, which is safe: what is published is found unchanged',
  });
}

async function writeFiles(report: Report, { temp, lineEnd }: OutputPlace): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(resolve(temp), 'pyoci-publish-'));
  const files = { result: join(folder, 'result.json'), checksums: join(folder, 'checksums.txt') };
  await Promise.all([
    writeFile(files.result, resultDocument(report)),
    writeFile(files.checksums, checksumsOf(report, lineEnd)),
  ]);
  return files;
}

/** Adds the report to the summary of the job. */
export async function writeSummary({ summary }: Pick<typeof core, 'summary'>, report: Report): Promise<void> {
  await summary.addRaw(summaryOf(report)).write();
}
