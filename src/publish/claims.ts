/** Says which label classifiers were left out of the annotations, and which source differs from the run's. */
import { groupedBy } from '../core/grouped.js';
import type { Log } from '../core/ports.js';
import { labelChoice } from '../pyoci/annotations.js';
import { ANNOTATION } from '../pyoci/layout.js';
import type { Distribution } from '../python/distribution.js';
import type { Job } from './job.js';

/** One notice a project for each kind, however many files and versions it has. */
export function noteClaims({ versions, context }: Pick<Job, 'versions' | 'context'>, log: Log): void {
  const files = versions.flatMap((version) => version.files);
  for (const [project, own] of groupedBy(files, (file) => file.project)) {
    for (const line of notesOf(own, context.run?.repositoryUrl)) log.notice(`${project}: ${line}`);
  }
}

function* notesOf(files: readonly Distribution[], repository: string | undefined): Generator<string> {
  const choices = files.map(labelChoice);
  const reserved = keysOf(choices.flatMap((choice) => choice.reserved));
  if (reserved !== '') yield `labels that only the publisher sets were left out: ${reserved}`;
  const noUrl = keysOf(choices.flatMap((choice) => choice.noUrl));
  if (noUrl !== '') yield `labels that must be http or https URLs, and are not, were left out: ${noUrl}`;
  if (repository === undefined) return;
  const sources = choices.flatMap(({ taken }) => taken.find(([key]) => key === ANNOTATION.source)?.[1] || []);
  const others = keysOf(sources.filter((source) => !isSame(source, repository)));
  if (others !== '') yield `its labels name ${others} as the source, but this run belongs to ${repository}`;
}

function keysOf(keys: readonly string[]): string {
  return [...new Set(keys)].join(', ');
}

/** GitHub takes an address in any case, and with `.git` or a slash behind it. */
function isSame(one: string, other: string): boolean {
  const plain = (url: string) =>
    url
      .toLowerCase()
      .replace(/\/$/, '')
      .replace(/\.git$/, '');
  return plain(one) === plain(other);
}
