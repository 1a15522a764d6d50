/** Whether arrays and objects of a JSON value lie more than `depth` deep in each other. Itself it does not recurse. */
export function isDeeper(value: unknown, depth: number): boolean {
  let level: readonly object[] = containersIn([value]);
  for (let at = 0; level.length > 0; at += 1) {
    if (at === depth) return true;
    level = level.flatMap((container) => containersIn(Object.values(container)));
  }
  return false;
}

function containersIn(values: readonly unknown[]): readonly object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
