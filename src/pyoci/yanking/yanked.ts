/**
 * Whether a version is yanked (PEP 592), as an annotation of its index says it. Of two such words the later one counts,
 * whoever reads them and in whatever order, so that any number of writers converge. None is ever removed: taking a
 * version back in is a later word.
 */
import { type Annotations, annotationsOf, isObject, type JsonObject } from '../../oci/descriptor.js';
import { YANKED } from '../layout.js';

export interface Yanked {
  readonly yanked: boolean;
  /** Why, for people; empty if nobody said. */
  readonly reason: string;
  /** Milliseconds since the epoch: when it was said, or just after what stood there before. */
  readonly at: number;
  /** Any text of its own, which decides between words of one moment. */
  readonly id: string;
}

/** The last moment of a four-digit year: a later one is no time that anybody meant, and leaves none after it. */
export const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** What an index says; `undefined` if nothing that can be read. A word without time or id comes before all others. */
export function yankedIn(index: JsonObject): Yanked | undefined {
  const value = parsed(annotationsOf(index)[YANKED]);
  if (!isObject(value) || typeof value.yanked !== 'boolean') return undefined;
  const { yanked, reason, at, id } = value;
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return {
    yanked,
    reason: typeof reason === 'string' ? reason : '',
    at: time >= 0 && time <= LAST_MOMENT ? time : 0,
    id: typeof id === 'string' ? id : '',
  };
}

/** The annotation that says it. */
export function yankedAnnotation({ yanked, reason, at, id }: Yanked): Annotations {
  return { [YANKED]: JSON.stringify({ yanked, reason, at: new Date(at).toISOString(), id }) };
}

/** The word that counts, of these two. */
export function laterOf(one: Yanked | undefined, other: Yanked | undefined): Yanked | undefined {
  if (!one || !other) return one ?? other;
  if (one.at !== other.at) return one.at > other.at ? one : other;
  return one.id >= other.id ? one : other;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
