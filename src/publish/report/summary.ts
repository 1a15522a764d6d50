import type { Failure } from '../../core/failure.js';
import { groupedBy } from '../../core/grouped.js';
import { sizeText } from '../../core/text/size.js';
import { type InstallLines, installLines } from './install-lines.js';
import { markdownCode, markdownLines, markdownText } from './markdown.js';
import type { PublishedVersion } from './outcome.js';
import { failuresOf, indexUrlOf, publishedOf, type Report } from './report.js';

/** A runner drops a summary above 1 MiB as a whole, so we stay well below, and below what a reader scrolls through. */
const MOST_ROWS = 800;
const MOST_BYTES = 512 * 1024;

/** Longer lists are folded, so that the next version or warning stays in sight. */
const MOST_UNFOLDED = 10;

/**
 * What a run came to, as GitHub-flavoured Markdown: failures with their cures, how to install what was published,
 * warnings, then files by version. All text from outside is escaped; it is cut between two rows where it grows too
 * long, and says so.
 */
export function summaryOf(report: Report): string {
  const page = new Page();
  page.add(`## ${headline(report)}`, '');
  for (const failure of failuresOf(report)) page.add(...failureLines(failure));
  page.add(...installSection(report));
  addWarnings(page, report.outcome?.warnings ?? []);
  for (const version of publishedOf(report)) addVersion(page, version);
  return page.text();
}

/** Equal warnings once, with how often. */
function addWarnings(page: Page, warnings: readonly string[]): void {
  if (!warnings.length) return;
  const rows = [...groupedBy(warnings, (warning) => warning)].map(
    ([warning, { length }]) => `- ${markdownLines(warning)}${length > 1 ? ` (${length} times)` : ''}`,
  );
  page.add('### Warnings', '');
  page.addList(`${rows.length} warnings`, [], rows);
}

function addVersion(page: Page, version: PublishedVersion): void {
  page.add(...versionLines(version));
  const rows = [...rowsOf(version)];
  if (rows.length) page.addList(`${rows.length} files`, FILES_HEAD, rows);
  const attached = [...attachmentRows(version)];
  if (attached.length) page.addList(`${attached.length} attachments`, ATTACHMENTS_HEAD, attached);
  const digests = [...digestRows(version)];
  if (digests.length) page.addFolded('SHA-256', [], digests);
  if (version.protection !== undefined) page.add(`<sub>${markdownText(version.protection)}</sub>`, '');
}

function headline(report: Report): string {
  const { outcome, address } = report;
  const versions = publishedOf(report).length;
  const failed = failuresOf(report).length;
  const place = address?.folder === undefined ? (address?.registry ?? '') : address.folder;
  const where = place === '' ? '' : ` ${outcome?.dryRun ? 'for' : 'in'} ${markdownCode(place)}`;
  if (!outcome) return failed ? 'Nothing was published' : 'There was nothing to publish';
  if (outcome.dryRun) return `Dry run${where}: nothing was written`;
  if (!outcome.versions.length) return 'There was nothing to publish';
  if (!versions) return `Nothing was published${where}`;
  const what = publishedOf(report).map(({ name, version }) => `${markdownText(name)} ${markdownText(version)}`);
  const named = what.length <= 3 ? what.join(', ') : `${versions} versions`;
  return `${named}${where}${failed ? `, ${failed} failed` : ''}`;
}

function failureLines({ subject, message, hint }: Failure): readonly string[] {
  const head = subject === undefined ? '' : `**${markdownText(subject)}**: `;
  const cure = hint === undefined ? [] : ['>', `> **To fix it:** ${markdownLines(hint)}`];
  return ['> [!CAUTION]', `> ${head}${markdownLines(message)}`, ...cure, ''];
}

function versionLines(version: PublishedVersion): readonly string[] {
  const { digest } = version;
  return [
    `### ${markdownText(version.name)} ${markdownText(version.version)}`,
    '',
    markdownCode(version.image) + (digest === undefined ? ' (does not exist yet)' : `<br>${markdownCode(digest)}`),
    '',
  ];
}

const FILES_HEAD = ['| File | Size | Status |', '| :--- | ---: | :--- |'];

/** The files of this run, then those of the version that others have published. */
function* rowsOf(version: PublishedVersion): Generator<string> {
  for (const { file, size, status } of version.files) {
    const unbroken = sizeText(size).replace(' ', '&nbsp;');
    yield `| ${markdownCode(file)} | ${unbroken} | ${status} |`;
  }
  for (const { file } of listedBefore(version)) yield `| ${markdownCode(file)} | | listed&nbsp;before |`;
}

/** Not a column of the table: 64 characters there push all others out of sight. */
function* digestRows(version: PublishedVersion): Generator<string> {
  for (const { file, sha256 } of [...version.files, ...listedBefore(version)]) {
    yield `- ${markdownCode(file)}: ${sha256 === undefined ? 'unknown' : markdownCode(sha256)}`;
  }
}

function listedBefore({ files, listed }: PublishedVersion): PublishedVersion['listed'] {
  const ours = new Set(files.map(({ manifest }) => manifest));
  return listed.filter(({ manifest }) => !ours.has(manifest));
}

const ATTACHMENTS_HEAD = ['| Attachment | Type | Of | Size | Status |', '| :--- | :--- | :--- | ---: | :--- |'];

function* attachmentRows({ attachments }: PublishedVersion): Generator<string> {
  for (const { file, type, about, size, status } of attachments) {
    const unbroken = sizeText(size).replace(' ', '&nbsp;');
    const subject = about === undefined ? 'the version' : markdownCode(about);
    yield `| ${markdownCode(file)} | ${markdownText(type)} | ${subject} | ${unbroken} | ${status} |`;
  }
}

function installSection(report: Report): readonly string[] {
  const url = indexUrlOf(report);
  if (url === undefined || !report.address || !report.outcome || report.outcome.dryRun) return [];
  const lines = installLines(url, report.address.namespace, publishedOf(report));
  return lines ? ['### Install', '', ...pipLines(lines), '', ...uvLines(lines), ''] : [];
}

function pipLines({ pip }: InstallLines): readonly string[] {
  return [
    'With pip. This index holds these packages only, so dependencies must come from elsewhere: install them first.',
    '',
    '```sh',
    pip,
    '```',
  ];
}

function uvLines({ uvProject, uv, uvVariables: [user, password] }: InstallLines): readonly string[] {
  return [
    'With uv, in `pyproject.toml`:',
    '',
    '```toml',
    uvProject,
    '```',
    '',
    '```sh',
    uv,
    '```',
    '',
    'A private package needs a user and a token that may read it: for pip in `~/.netrc` or the URL, for uv in ' +
      `\`${user}\` and \`${password}\`. On GitHub that is a classic personal access token with \`read:packages\`.`,
  ];
}

/** Blocks of lines up to a limit. A block that would go beyond is counted, not written, and so are all after it. */
class Page {
  readonly #lines: string[] = [];
  #offered = 0;
  #bytes = 0;
  #rows = 0;

  /** @returns whether there was room for it */
  add(...block: readonly string[]): boolean {
    this.#offered += block.length;
    this.#bytes += block.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    if (this.#bytes > MOST_BYTES) return false;
    this.#lines.push(...block);
    return true;
  }

  /** Rows below their head, folded if they are many. */
  addList(title: string, head: readonly string[], rows: readonly string[]): void {
    if (rows.length > MOST_UNFOLDED) {
      this.addFolded(title, head, rows);
      return;
    }
    this.add(...head);
    for (const row of rows) this.addRow(row);
    this.add('');
  }

  /** What was opened is closed, however little room is left. */
  addFolded(title: string, head: readonly string[], rows: readonly string[]): void {
    const opened = this.add(`<details><summary>${title}</summary>`, '', ...head);
    for (const row of rows) this.addRow(row);
    if (!opened) return;
    const end = ['', '</details>', ''];
    this.#offered += end.length;
    this.#lines.push(...end);
  }

  addRow(row: string): void {
    this.#rows += 1;
    if (this.#rows <= MOST_ROWS) this.add(row);
    else this.#offered += 1;
  }

  text(): string {
    const left = this.#offered - this.#lines.length;
    const rest = left > 0 ? `\n_${left} more lines are left out here; the output \`result\` has everything._\n` : '';
    return `${this.#lines.join('\n')}\n${rest}`;
  }
}
