import { groupedBy } from '../../src/core/grouped.js';

describe('grouping', () => {
  it('keeps the order of first items, and the order inside each group', () => {
    const groups = groupedBy(['banana', 'apple', 'blueberry', 'avocado', 'cherry'], (word) => word.charAt(0));
    expect([...groups]).toEqual([
      ['b', ['banana', 'blueberry']],
      ['a', ['apple', 'avocado']],
      ['c', ['cherry']],
    ]);
  });

  it('takes any text as a key', () => {
    expect(groupedBy(['__proto__'], (text) => text).get('__proto__')).toEqual(['__proto__']);
  });
});
