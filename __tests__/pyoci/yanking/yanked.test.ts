import fc from 'fast-check';
import { YANKED } from '../../../src/pyoci/layout.js';
import { laterOf, type Yanked, yankedAnnotation, yankedIn } from '../../../src/pyoci/yanking/yanked.js';

const words = fc.record({
  yanked: fc.boolean(),
  reason: fc.string(),
  at: fc.integer({ min: 0, max: 4 }).map((day) => day * 86_400_000),
  id: fc.constantFrom('', 'a', 'b', 'c'),
});

describe('what is said of a version', () => {
  it('comes back as it was written', () => {
    fc.assert(fc.property(words, (word) => expect(yankedIn({ annotations: yankedAnnotation(word) })).toEqual(word)));
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['no JSON', undefined],
    ['null', undefined],
    ['[]', undefined],
    ['{}', undefined],
    ['{"yanked":"true"}', undefined],
    ['{"yanked":true}', { yanked: true, reason: '', at: 0, id: '' }],
    ['{"yanked":true,"at":"+275760-09-13T00:00:00.000Z"}', { yanked: true, reason: '', at: 0, id: '' }],
    ['{"yanked":true,"at":"1969-01-01T00:00:00Z"}', { yanked: true, reason: '', at: 0, id: '' }],
    ['{"yanked":false,"reason":7,"at":"soon","id":3}', { yanked: false, reason: '', at: 0, id: '' }],
  ])('is read from %j', (text, word) => {
    expect(yankedIn({ annotations: text === undefined ? {} : { [YANKED]: text } })).toEqual(word);
  });

  it('is in the end the same, in whatever order and however often words are heard', () => {
    const unlike = fc.uniqueArray(words, { selector: ({ at, id }) => `${at} ${id}`, minLength: 1 });
    fc.assert(
      fc.property(unlike, fc.infiniteStream(fc.nat()), (all, order) => {
        const heard = (list: readonly Yanked[]) => list.reduce<Yanked | undefined>(laterOf, undefined);
        const shuffled = [...all, ...all].sort(() => ((order.next().value ?? 0) % 3) - 1);
        expect(heard(shuffled)).toEqual(heard(all));
      }),
    );
  });
});
