/** What we refuse although pip 26.3 and uv 0.13.9 take it. */
export interface Stricter {
  /** Our message. */
  readonly says: RegExp;
  /** Why we refuse it all the same. */
  readonly why: string;
}

/** Each kind that is known and meant. A refusal that is not in this list is a fault of ours until somebody shows that it is none. */
export const STRICTER: readonly Stricter[] = [];
