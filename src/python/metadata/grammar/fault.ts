/** Who does not take a value. What pip refuses, `packaging` does, which twine and PyPI read with as well. */
export type Refuser = 'pip' | 'uv';

/** Why a value of a field cannot be read by its grammar. */
export interface Fault {
  readonly by: Refuser;
  /** A clause that tells what was found, safe to print. */
  readonly cause: string;
  /** What to write instead, where that is clear. */
  readonly cure?: string;
}

/** The fault of the first item that stops pip, else the first fault of all. */
export function worstFault<T>(items: Iterable<T>, faultOf: (item: T) => Fault | undefined): Fault | undefined {
  let worst: Fault | undefined;
  for (const item of items) {
    const fault = faultOf(item);
    if (fault?.by === 'pip') return fault;
    worst ??= fault;
  }
  return worst;
}
