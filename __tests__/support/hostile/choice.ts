import fc from 'fast-check';

/** Where in something, whatever its length: from 0 to 1, so that a smaller input keeps its meaning. */
export const place: fc.Arbitrary<number> = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The item at a place. */
export function pick<T>(items: readonly T[], at: number): T {
  const [item] = items.slice(Math.floor(at * items.length));
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** The list with more items in it, at a place. */
export function inserted<T>(items: readonly T[], at: number, ...more: readonly T[]): readonly T[] {
  const index = Math.floor(at * (items.length + 1));
  return [...items.slice(0, index), ...more, ...items.slice(index)];
}

/** Mostly nothing: one list in `every` has one or two of these. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>, every: number): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: every - 1, arbitrary: fc.constant<readonly T[]>([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
  );
}
