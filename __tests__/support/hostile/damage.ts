import fc from 'fast-check';
import { place } from './choice.js';

/** A way to damage bytes. Places are fractions of the whole, so that a smaller input keeps its meaning. */
export type Damage = (bytes: Buffer) => Buffer;

const few = fc.uint8Array({ minLength: 1, maxLength: 8 });

const overwrite = fc.tuple(place, few).map(
  ([at, more]): Damage =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      copy.set(more.subarray(0, Math.max(0, copy.length - Math.floor(at * copy.length))), Math.floor(at * copy.length));
      return copy;
    },
);
const insert = fc.tuple(place, few).map(
  ([at, more]): Damage =>
    (bytes) => {
      const offset = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, offset), more, bytes.subarray(offset)]);
    },
);
const cut = place.map(
  (at): Damage =>
    (bytes) =>
      bytes.subarray(0, Math.floor(at * bytes.length)),
);
const repeat = fc.tuple(place, place, place).map(
  ([one, other, to]): Damage =>
    (bytes) => {
      const [from, until] = [one, other].map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b);
      const offset = Math.floor(to * bytes.length);
      return Buffer.concat([bytes.subarray(0, offset), bytes.subarray(from, until), bytes.subarray(offset)]);
    },
);

export const damage: fc.Arbitrary<Damage> = fc.oneof(overwrite, insert, cut, repeat);

export function damaged(bytes: Buffer, ways: readonly Damage[]): Buffer {
  return ways.reduce((left, way) => way(left), bytes);
}
