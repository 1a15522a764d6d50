import { markdownCode, markdownLines, markdownText } from '../../../src/publish/report/markdown.js';
import { ATTACKS } from '../../support/attacks.js';

/** What is left of Markdown and HTML when the references, which are text to both, are taken away. */
const bare = (markdown: string): string => markdown.replace(/&#[0-9]+;/g, '');

describe('untrusted text in Markdown', () => {
  it.each(ATTACKS)('shows and does nothing else: %j', (attack) => {
    expect(bare(markdownText(attack))).not.toMatch(/[\\`*_{}[\]#!|<>&~@:="'$^\n\r\p{Cc}\p{Cf}]|www\./iu);
  });

  it('is kept where it means nothing', () => {
    expect(markdownText('A tool, and (perhaps) more - 1.0+cpu.')).toBe('A tool, and (perhaps) more - 1.0+cpu.');
  });

  it('is cut where it grows too long', () => {
    expect(markdownText('x'.repeat(5_000)).length).toBeLessThan(1_100);
  });

  it('keeps its lines apart by breaks alone', () => {
    expect(markdownLines('a\n# b\r\nc')).toBe('a<br>&#35; b<br>c');
  });
});

describe('untrusted text in code type', () => {
  it('is a code span where nothing in it could end one or part a table cell', () => {
    expect(markdownCode('demo_x-1.0-py3-none-any.whl')).toBe('`demo_x-1.0-py3-none-any.whl`');
  });

  it.each(ATTACKS)('shows and does nothing else: %j', (attack) => {
    const code = markdownCode(attack);
    const inner = /^`([^`|\n]*)`$/.exec(code)?.[1] ?? /^<code>(.*)<\/code>$/.exec(code)?.[1];
    expect(inner).toBeDefined();
    if (code.startsWith('<')) expect(bare(inner ?? '')).not.toMatch(/[\\`*_[\]#!|<>&~@:\n\r\p{Cc}\p{Cf}]/u);
  });
});
