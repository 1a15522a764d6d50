/** What a copy came to, for people and for programs. Pure. */
import { sizeText } from '../core/text/size.js';
import type { Decision } from './entry-plan.js';
import type { CopyOutcome, CopyReport, CopyStatus } from './outcome.js';

const WOULD: Readonly<Record<CopyStatus, string>> = {
  copied: 'would copy',
  repaired: 'would repair',
  unchanged: 'unchanged',
};

/** One line for each version, those of its files that are not as one would expect, and what it comes to in all. */
export function copyLines(report: CopyReport): readonly string[] {
  const { versions, failed, passedOver, dryRun } = report;
  const words = versions.map(({ status }) => (dryRun ? WOULD[status] : status));
  const width = Math.max(0, ...words.map((word) => word.length));
  const lines = versions.flatMap((version, at) => [
    `${words[at]?.padEnd(width)}  ${version.destination} (${contentText(version)})`,
    ...oddLines(version),
  ]);
  const passed = passedOver.map(({ source, why }) => `passed over: ${source}: ${why}`);
  return [...lines, ...passed, ...totals(report, words, failed.length)];
}

function contentText({ entries, brought, status }: CopyOutcome): string {
  const files = entries.filter(({ kind }) => kind === 'file').length;
  const attachments = entries.length - files;
  const parts = [counted(files, 'file'), ...(attachments ? [counted(attachments, 'attachment')] : [])];
  if (brought.blobs) parts.push(`${sizeText(brought.bytes)} sent`);
  if (status === 'repaired') {
    parts.push(`missing: ${counted(brought.manifests, 'manifest')}, ${counted(brought.blobs, 'blob')}`);
  }
  return parts.join(', ');
}

const ODD: Readonly<Partial<Record<Decision, string>>> = {
  kept: 'the same bytes are there under another manifest, which is kept',
  skip: 'other bytes are there, which are kept',
  'about nothing': 'it is about a file that is not copied',
};

function oddLines({ entries }: CopyOutcome): readonly string[] {
  return entries.flatMap(({ name, decision }) => (ODD[decision] ? [`  ${name}: ${ODD[decision]}`] : []));
}

function totals({ versions, dryRun }: CopyReport, words: readonly string[], failed: number): readonly string[] {
  if (versions.length + failed === 0) return ['Nothing to copy: no version is taken by these options'];
  const counts = new Map<string, number>();
  for (const word of [...words, ...Array<string>(failed).fill('failed')]) counts.set(word, (counts.get(word) ?? 0) + 1);
  const bytes = versions.reduce((sum, { brought }) => sum + brought.bytes, 0);
  const sent = `${sizeText(bytes)} ${dryRun ? 'would go' : 'went'} through this machine`;
  const parts = [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
  return [`${counted(versions.length + failed, 'version')}: ${parts}; ${sent}`];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Members of the JSON document. */
export function copyMembers({ versions, passedOver, dryRun }: CopyReport): object {
  return {
    dryRun,
    versions: versions.map(({ source, destination, status, digest, entries, brought }) => ({
      source,
      destination,
      status,
      digest,
      files: entries.filter(({ kind }) => kind === 'file').map(fileMembers),
      attachments: entries.filter(({ kind }) => kind === 'attachment').map(fileMembers),
      sent: { manifests: brought.manifests, blobs: brought.blobs, bytes: brought.bytes },
    })),
    passedOver,
  };
}

function fileMembers({ name, manifest, sha256, decision }: CopyOutcome['entries'][number]): object {
  const status =
    decision === 'copy' ? 'copied' : decision === 'kept' ? 'unchanged' : decision === 'skip' ? 'skipped' : decision;
  return { file: name, status, sha256, digest: manifest };
}
