import { sizeText } from '../../core/text/size.js';
import type { AttachmentStatus, PublishedVersion } from './outcome.js';
import { indexUrlOf, publishedOf, type Report } from './report.js';

/** What a run came to, line by line, for a log. Failures and warnings are not in it: a face gives them their own level. */
export function reportLines(report: Report): readonly string[] {
  const { outcome } = report;
  if (!outcome) return [];
  const versions = publishedOf(report);
  const url = indexUrlOf(report);
  return [
    ...versions.flatMap(versionLines),
    ...(outcome.dryRun ? ['Dry run: nothing was written'] : []),
    ...(versions.length && url !== undefined && !outcome.dryRun ? [`Index URL for pip and uv: ${url}`] : []),
  ];
}

function versionLines(version: PublishedVersion): readonly string[] {
  const { name, image, digest, files, attachments, listed, protection } = version;
  const ours = new Set(files.map(({ manifest }) => manifest));
  const others = listed.filter(({ manifest }) => !ours.has(manifest)).length;
  const sums = [counted(files), attachments.length ? `attachments: ${counted(attachments)}` : ''];
  return [
    `${name} ${version.version}: ${sums.filter((sum) => sum !== '').join('; ')}`,
    `  ${image}${digest === undefined ? '' : `@${digest}`}`,
    ...files.map(({ file, size, status }) => `  ${status.padEnd(9)}  ${file} (${sizeText(size)})`),
    ...attachments.map(({ file, type, size, status }) => `  ${status.padEnd(9)}  ${file} (${type}, ${sizeText(size)})`),
    ...(others
      ? [`  and ${others === 1 ? 'one file' : `${others} files`} of this version that stood there before`]
      : []),
    ...(protection === undefined ? [] : [`  ${protection}`]),
  ];
}

/** `2 published, 1 unchanged`. */
function counted(outcomes: readonly { readonly status: AttachmentStatus }[]): string {
  const counts = new Map<AttachmentStatus, number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
