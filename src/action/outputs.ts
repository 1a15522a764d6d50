import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as core from '@actions/core';
import { checksumsOf, outputsOf } from '../publish/outputs.js';
import type { Report } from '../publish/report.js';
import { resultDocument } from '../publish/result-document.js';
import { summaryOf } from '../publish/summary.js';

export interface OutputPlace {
  readonly temp: string;
  /** How lines end on this machine, for the steps after this one. */
  readonly lineEnd: string;
}

/** Sets every output of the step, and writes the two files that outputs name into a new folder below `temp`. */
export async function setOutputs(
  toolkit: Pick<typeof core, 'setOutput'>,
  report: Report,
  { temp, lineEnd }: OutputPlace,
): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(report))) toolkit.setOutput(name, value);
  const folder = await mkdtemp(join(temp, 'pyoci-publish-'));
  const files = { result: join(folder, 'result.json'), checksums: join(folder, 'checksums.txt') };
  await Promise.all([
    writeFile(files.result, resultDocument(report)),
    writeFile(files.checksums, checksumsOf(report, lineEnd)),
  ]);
  for (const [name, path] of Object.entries(files)) toolkit.setOutput(name, path);
}

/** Adds the report to the summary of the job. */
export async function writeSummary({ summary }: Pick<typeof core, 'summary'>, report: Report): Promise<void> {
  await summary.addRaw(summaryOf(report)).write();
}
