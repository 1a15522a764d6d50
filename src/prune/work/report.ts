/** What became of packages, in lines for people, Markdown for a job, and members for programs. Pure. */
import { counts, type Fate } from '../plan.js';
import type { Pruned } from './job.js';

/** @param apply how the user has it carried out: `option --apply` */
export function prunedLines(pruned: Pruned, apply: string): readonly string[] {
  const { image, fates, others, loose } = pruned;
  const widths = [0, 0, 0, 0].map((_, at) =>
    Math.max(0, ...fates.map((fate) => cellsOf(fate, pruned)[at]?.length ?? 0)),
  );
  return [
    `${image}: ${headOf(pruned)}`,
    ...fates.map((fate) => {
      const cells = cellsOf(fate, pruned);
      return `  ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`;
    }),
    ...others.map(({ tag, why }) => `  stays, since it is no version of ours: the tag ${tag} (${why})`),
    ...(loose.length ? [`  ${looseText(pruned)}`] : []),
    ...restoreLines(pruned),
    ...(pruned.applied || !isSomething(pruned) ? [] : [`Nothing was deleted. To delete what goes: ${apply}`]),
  ];
}

/** Rows of a summary; beyond them versions are counted. */
const MOST_ROWS = 500;

/** Markdown of one package. */
export function prunedMarkdown(pruned: Pruned, apply: string): string {
  const { image, fates, others, loose, failures } = pruned;
  const rows = fates.slice(0, MOST_ROWS).map((fate) => `| ${cellsOf(fate, pruned).map(code).join(' | ')} |`);
  return [
    `### ${code(image)}`,
    '',
    `${headOf(pruned)}${pruned.applied || !isSomething(pruned) ? '' : `. Nothing was deleted; to delete what goes: ${apply}`}`,
    '',
    ...(rows.length
      ? ['| | Version | Class | Created | Rule |', '| :--- | :--- | :--- | :--- | :--- |', ...rows, '']
      : []),
    ...(fates.length > MOST_ROWS ? [`and ${fates.length - MOST_ROWS} more versions`, ''] : []),
    ...others.map(({ tag, why }) => `- ${code(tag)} stays: ${code(why)}`),
    ...(loose.length ? [`- ${looseText(pruned)}`] : []),
    ...failures.map(({ subject, message }) => `- **failed**: ${code(`${subject ?? image}: ${message}`)}`),
    ...restoreLines(pruned).map((line) => `- ${code(line)}`),
    '',
  ].join('\n');
}

/** The members of one package; docs/command.md describes them. */
export function prunedMembers({ image, applied, fates, others, loose, deleted, restore }: Pruned): object {
  const gone = new Map(deleted.map(({ digest, id }) => [digest, id]));
  return {
    image,
    applied,
    versions: fates.map(({ tag, version, class: own, digest, created, goes, why }) => ({
      version: version.normal,
      tag,
      digest,
      class: own,
      created: timeText(created),
      goes,
      why,
      deleted: gone.has(digest),
      id: gone.get(digest),
    })),
    otherTags: others.map(({ tag, digest, why }) => ({ tag, digest, why })),
    untagged: loose,
    deleted: deleted.map(({ digest, id, kind }) => ({ digest, kind, id })),
    restore: deleted.length ? restore : undefined,
  };
}

/** How many versions went, of all packages. */
export function versionsGone(all: readonly Pruned[]): number {
  return all.flatMap(({ fates, deleted }) => {
    const gone = new Set(deleted.map(({ digest }) => digest));
    return fates.filter(({ goes, digest }) => goes && gone.has(digest));
  }).length;
}

function headOf({ fates, applied, deleted }: Pruned): string {
  if (!fates.length) return 'it has no versions';
  const gone = new Set(deleted.map(({ digest }) => digest));
  const go = fates.filter(({ goes, digest }) => (applied ? gone.has(digest) : goes)).length;
  const classes = counts(fates).map((one) => `${one.all} ${one.class}`);
  const verb = applied ? (go === 1 ? 'was deleted' : 'were deleted') : go === 1 ? 'goes' : 'go';
  return `${go} of ${fates.length} versions ${verb} (${classes.join(', ')})`;
}

function cellsOf(
  { version, class: own, created, goes, why, digest }: Fate,
  { applied, deleted }: Pruned,
): readonly string[] {
  const gone = deleted.some((one) => one.digest === digest);
  const state = !goes ? 'stays' : !applied ? 'goes' : gone ? 'deleted' : 'not deleted';
  return [state, version.normal, own, timeText(created)?.slice(0, 10) ?? 'no date', why];
}

function looseText({ loose, applied, deleted }: Pruned): string {
  const what = loose.length === 1 ? 'one manifest' : `${loose.length} manifests`;
  if (!applied) return `${what} without a version ${loose.length === 1 ? 'goes' : 'go'}, too`;
  const gone = new Set(deleted.map(({ digest }) => digest));
  return `${what} without a version, ${loose.filter((digest) => gone.has(digest)).length} deleted`;
}

function isSomething({ fates, loose }: Pruned): boolean {
  return loose.length > 0 || fates.some(({ goes }) => goes);
}

/** Versions by their ids, which nobody could find out later. */
function restoreLines({ deleted, fates, restore }: Pruned): readonly string[] {
  if (restore === undefined || !deleted.length) return [];
  const byDigest = new Map(fates.map((fate) => [fate.digest, fate.version.normal]));
  const ids = deleted.map(({ id, digest }) => `${id ?? '?'} (${byDigest.get(digest) ?? 'a file of a version'})`);
  return [`To have something back within 30 days, each id by itself: ${restore}`, `Ids: ${ids.join(', ')}`];
}

function timeText(created: number | undefined): string | undefined {
  return created === undefined ? undefined : new Date(created).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Text of others as code, whatever it holds. */
function code(text: string): string {
  const escaped = text.replace(/[&<>|`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return `<code>${escaped.replace(/\s+/g, ' ')}</code>`;
}
