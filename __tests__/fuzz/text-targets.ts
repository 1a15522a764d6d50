import assert from 'node:assert/strict';
import { printable, printableLines } from '../../src/core/text/printable.js';
import { markdownCode, markdownLines, markdownText } from '../../src/publish/report/markdown.js';
import { ATTACKS } from '../support/attacks.js';
import { endless, type Target, target, textOf } from './target.js';

const foreign = textOf(...ATTACKS, ':', '#', '[', '<', '&', '`', '|', '\n', 'a');
const printed = target(
  'foreign text in logs',
  foreign,
  (text) => {
    const line = printable(text);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|::|##\[/u);
    assert.ok(line.length <= 10 * 1_100);
    if (text.length < 50) assert.equal(printable(line, 10_000), line);
    for (const one of printableLines(text).split('\n'))
      assert.doesNotMatch(one, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|::|##\[/u);
  },
  () => endless(256 * 1024, ['', '::', '##[']),
);

const summaries = target(
  'foreign text in the summary',
  foreign,
  (text) => {
    for (const shown of [
      markdownText(text),
      markdownCode(text).replace(/^<code>|<\/code>$|^`|`$/g, ''),
      // Whole pairs of tags are ours; everything foreign within and around them is escaped.
      ...markdownLines(text)
        .split('<br>')
        .map((line) => line.replace(/<code>([^<]*)<\/code>/g, '$1')),
    ]) {
      assert.doesNotMatch(shown, /[<>`|\\[\]*]|[\p{Cc}\p{Cf}]/u);
    }
  },
  () => endless(64 * 1024),
);

export const TEXT_TARGETS: readonly Target[] = [printed, summaries];
