import { quoted } from '../archive/archive-error.js';
import { type OnProblem, SAVE_AS_UTF8, warning } from '../problem.js';
import type { Header } from './headers.js';
import { type Pair, PairList } from './pairs.js';

/** PyOCI reads the first spelling, its design page has the second. */
const PREFIXES = ['PyOCI :: Label ::', 'PyOci :: Label ::'];
const DIVIDER = ' :: ';

/** Classifiers of the form `PyOCI :: Label :: key :: value`; the value may hold ` :: ` itself. */
export function readLabels(classifiers: readonly Header[], report: OnProblem): readonly Pair[] {
  const labels = new PairList();
  for (const { value: classifier, utf8 } of classifiers) {
    const prefix = PREFIXES.find((start) => classifier === start || classifier.startsWith(`${start} `));
    if (prefix === undefined) continue;
    const said = `classifier ${quoted(classifier)}`;
    const rest = classifier.slice(prefix.length + 1);
    const divider = rest.indexOf(DIVIDER);
    const key = rest.slice(0, Math.max(divider, 0));
    const value = rest.slice(divider + DIVIDER.length);
    if (!utf8) {
      report(warning(`${said} is not UTF-8 and is left out`, SAVE_AS_UTF8));
    } else if (key === '' || value === '') {
      report(warning(`${said} is left out`, `write it as "${prefix} key :: value" and build again`));
    } else if (labels.put(key, value)) {
      report(warning(`the label ${quoted(key)} stands twice, the last one counts`));
    }
  }
  return labels.list();
}
