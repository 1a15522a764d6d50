import fc from 'fast-check';
import { printable, printableLines } from '../../../src/core/text/printable.js';

describe('printable text', () => {
  it.each([
    ['a line end', 'a\nb', 'a\\x0ab'],
    ['an escape sequence', '\u001b[31mred', '\\x1b[31mred'],
    ['a right-to-left override', 'x\u202Egpj', 'x\\u{202e}gpj'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a C1 control', '\u009b2J', '\\x9b2J'],
    ['a zero-width space', 'a\u200Bb', 'a\\u{200b}b'],
    ['half a surrogate pair', 'a\uD800b', 'a\\u{d800}b'],
  ])('shows %s instead of obeying it', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves ordinary text of any language alone', () => {
    const text = 'naïve-1.0-py3-none-any.whl – 東京 🎉';
    expect(printable(text)).toBe(text);
  });

  it('never starts or holds a command of the runner', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('::', ':', '#', '##[', '[', 'error', ' ', '\n', '\r', '\t', 'x')),
        (parts) => {
          const shown = printable(parts.join(''));
          expect(shown).not.toContain('::');
          expect(shown).not.toContain('##[');
          expect(shown).not.toMatch(/[\r\n]/);
        },
      ),
    );
  });

  it('has a bounded length', () => {
    expect(printable('x'.repeat(10_000)).length).toBeLessThan(1_100);
    expect(printable('x'.repeat(10_000))).toMatch(/… \(9000 more\)$/);
  });

  it('of several lines keeps the line ends and makes every line safe', () => {
    expect(printableLines('one\r\n  ::error::two\rthree')).toBe('one\n  :\u2009:error:\u2009:two\nthree');
  });
});
