import { readLabels } from '../../../src/python/metadata/label.js';
import type { Problem } from '../../../src/python/problem.js';

function read(...classifiers: string[]) {
  const found: Problem[] = [];
  const headers = classifiers.map((value) => ({
    name: 'classifier',
    value,
    text: value,
    utf8: !value.includes('\ufffd'),
    folded: false,
    padded: false,
  }));
  const labels = readLabels(headers, (finding) => found.push(finding));
  return { labels, found };
}

describe('a label', () => {
  it.each([
    ['PyOCI :: Label :: key :: value', 'key', 'value'],
    ['PyOci :: Label :: key :: value', 'key', 'value'],
    ['PyOCI :: Label :: key :: a :: b :: c', 'key', 'a :: b :: c'],
    ['PyOCI :: Label :: org.example/team :: x=y', 'org.example/team', 'x=y'],
    ['PyOCI :: Label :: a::b :: c', 'a::b', 'c'],
    ['PyOCI :: Label :: __proto__ :: x', '__proto__', 'x'],
  ])('is in the classifier %s', (classifier, key, value) => {
    expect(read(classifier)).toEqual({ labels: [[key, value]], found: [] });
  });

  it.each([
    'PyOCI :: Label',
    'PyOCI :: Labels :: a :: b',
    'PyOCI :: Label ::a :: b',
    'pyoci :: label :: a :: b',
    'PYOCI :: Label :: a :: b',
    'PyOCI::Label::a::b',
    'Topic :: PyOCI :: Label :: a :: b',
    '',
  ])('is not in the classifier %j', (classifier) => {
    expect(read(classifier)).toEqual({ labels: [], found: [] });
  });

  it.each(['PyOCI :: Label ::', 'PyOCI :: Label :: key', 'PyOCI :: Label :: key ::', 'PyOci :: Label ::  :: value'])(
    'is left out with a warning where the classifier is cut short: %s',
    (classifier) => {
      const { labels, found } = read(classifier);
      expect(labels).toEqual([]);
      expect(found).toMatchObject([
        { severity: 'warning', hint: expect.stringContaining(':: Label :: key :: value"') },
      ]);
    },
  );

  it('is left out with a warning if it is not UTF-8', () => {
    const { labels, found } = read('PyOCI :: Label :: k :: \ufffd', 'Topic :: \ufffd');
    expect(labels).toEqual([]);
    expect(found).toMatchObject([{ severity: 'warning', message: expect.stringContaining('is not UTF-8') }]);
  });

  it('gives way to a later one with its key, with a warning', () => {
    const { labels, found } = read(
      'PyOCI :: Label :: 2 :: first',
      'PyOCI :: Label :: 1 :: other',
      'PyOci :: Label :: 2 :: last',
    );
    expect(labels).toEqual([
      ['1', 'other'],
      ['2', 'last'],
    ]);
    expect(found).toMatchObject([{ severity: 'warning', message: 'the label "2" stands twice, the last one counts' }]);
  });
});
