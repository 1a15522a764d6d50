import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryBytes } from '../../../../src/core/bytes.js';
import { UserError } from '../../../../src/core/errors.js';
import { servedName, tagOf } from '../../../../src/pyoci/names.js';
import { readDistribution } from '../../../../src/python/distribution.js';
import type { GeneratedFile } from '../../../support/hostile/file.js';
import type { Listing, Panel, Verdict } from './panel.js';
import { isTold } from './told.js';

/** One file before us, pip and uv. */
export interface Trial {
  readonly file: GeneratedFile;
  /** Why we refuse it; empty if we publish it. */
  readonly ours: readonly string[];
  /** What we warn of where we publish it. */
  readonly warnings: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Where the file stays for somebody to look at, if we accept what an installer refuses. */
  readonly kept?: string;
}

/** Has one file judged by everybody. */
export async function tryFile(file: GeneratedFile, panel: Panel): Promise<Trial> {
  const { ours, warnings, listing } = await judgedByUs(file);
  const verdicts = await panel.judge(file, listing);
  const disputed =
    ours.length === 0 && verdicts.some((verdict) => verdict.refusal !== undefined && !isTold(verdict, warnings));
  return { file, ours, warnings, verdicts, ...(disputed && { kept: keep(file) }) };
}

function keep({ name, bytes }: GeneratedFile): string {
  const path = join(mkdtempSync(join(tmpdir(), 'pyoci-publish-disagreement-')), name);
  writeFileSync(path, bytes);
  return path;
}

interface OurVerdict {
  readonly ours: readonly string[];
  readonly warnings: readonly string[];
  /** Where we accept it: what PyOCI makes of it, as that is what installers get to see. */
  readonly listing?: Listing;
}

async function judgedByUs({ name, bytes }: GeneratedFile): Promise<OurVerdict> {
  const { distribution, problems } = await readDistribution(name, memoryBytes(bytes));
  const messages = (of: string) => problems.filter(({ severity }) => severity === of).map(({ message }) => message);
  const warnings = messages('warning');
  if (!distribution) return { ours: messages('error'), warnings };
  const { project, version, architecture } = distribution;
  try {
    const served = servedName(project, tagOf(version), architecture);
    return { ours: [], warnings, listing: { served, project, version: version.normal } };
  } catch (error) {
    // What the layout cannot express is refused when it is published.
    if (error instanceof UserError) return { ours: [error.message], warnings };
    throw error;
  }
}
