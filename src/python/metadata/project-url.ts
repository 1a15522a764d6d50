import { quoted } from '../archive/archive-error.js';
import { type OnProblem, SAVE_AS_UTF8, warning } from '../problem.js';
import { withoutSpace } from './grammar/white-space.js';
import type { Header } from './headers.js';
import { type Pair, PairList } from './pairs.js';

/** Characters of a label; the public index refuses longer ones. */
const LONGEST_LABEL = 32;

/**
 * `Project-URL` fields, each `label, URL`.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/#project-url-multiple-use
 */
export function readProjectUrls(fields: readonly Header[], report: OnProblem): readonly Pair[] {
  const urls = new PairList();
  for (const { value, utf8 } of fields) {
    const said = `Project-URL ${quoted(value)}`;
    const comma = value.indexOf(',');
    const label = withoutSpace(value.slice(0, Math.max(comma, 0)));
    const url = withoutSpace(value.slice(comma + 1));
    if (value === 'UNKNOWN' || url === 'UNKNOWN') continue;
    if (!utf8) {
      report(warning(`${said} is not UTF-8 and is left out`, SAVE_AS_UTF8));
    } else if (comma < 0 || label === '' || url === '') {
      report(warning(`${said} is left out`, 'write it as "label, URL" and build again'));
    } else {
      if ([...label].length > LONGEST_LABEL) {
        report(warning(`${said} has a label of more than ${LONGEST_LABEL} characters`, 'shorten the label'));
      }
      if (urls.put(label, url)) {
        report(warning(`the Project-URL label ${quoted(label)} stands twice, the last one counts`));
      }
    }
  }
  return urls.list();
}
