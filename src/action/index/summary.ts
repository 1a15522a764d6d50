/** The job summary of the index action: what was served, what failed, and which names were left to others. Pure. */
import { sizeText } from '../../core/text/size.js';
import type { ServeReport } from '../../serve/event.js';

/** Names that are listed; the rest is counted. */
const MOST_NAMES = 200;

/** Markdown. All names in it are in normal form; messages are shown as code. */
export function summaryOf({ served, redirected, failures }: ServeReport): string {
  return [
    '## Package index',
    '',
    ...(served.length
      ? ['| Project | Files | Size |', '| :--- | ---: | ---: |', ...served.map(rowOf), '']
      : ['No file was downloaded from it.', '']),
    ...failures.flatMap(({ project, message }) => [`- **${project}** failed: ${code(message)}`]),
    ...(failures.length ? [''] : []),
    ...(redirected.length
      ? [
          `<details><summary>${redirected.length} other names were left to the usual index</summary>`,
          '',
          listOf(redirected),
          '',
          'A private package among them is missing in <code>packages</code>.',
          '</details>',
        ]
      : []),
    '',
  ].join('\n');
}

function rowOf({ project, files, bytes }: ServeReport['served'][number]): string {
  return `| ${project} | ${files} | ${sizeText(bytes)} |`;
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

/** Text of others as code, whatever it holds. */
function code(text: string): string {
  const escaped = text.replace(/[&<>|`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return `<code>${escaped.replace(/\s+/g, ' ')}</code>`;
}
