import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../src/core/errors.js';

/** One parser, what it is tried with, and what must hold of every answer. Knows no test runner. */
export interface Target {
  readonly name: string;
  /** Throws where the parser breaks a promise. */
  readonly property: fc.IAsyncProperty<[unknown]>;
  /** Inputs made to keep it busy, as long as they may ever come; each checked like the others. None if all are short. */
  readonly long: (() => Iterable<() => Promise<void>>) | undefined;
}

const PROTOTYPES = [Object.prototype, Array.prototype, Map.prototype, Function.prototype] as const;
const UNTOUCHED = PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);

/**
 * @param check calls the parser and asserts what must hold. A `UserError` that comes out of it is an answer; any
 * other error is a finding, and so is a prototype that it leaves changed.
 */
export function target<T>(
  name: string,
  input: fc.Arbitrary<T>,
  check: (input: T) => void | Promise<void>,
  long?: () => Iterable<T>,
): Target {
  const guarded = async (value: T): Promise<void> => {
    try {
      await check(value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
    assert.deepEqual(
      PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length),
      UNTOUCHED,
      'a prototype was changed',
    );
  };
  return {
    name,
    property: fc.asyncProperty(input, guarded) as fc.IAsyncProperty<unknown> as fc.IAsyncProperty<[unknown]>,
    long: long && (() => each(long(), (value) => () => guarded(value))),
  };
}

const UNITS = [
  ' ',
  '\t',
  '-',
  '.',
  '_',
  ',',
  ':',
  ';',
  '=',
  '"',
  '\\',
  '/',
  '<',
  '>',
  '[',
  '{',
  '%',
  '0',
  '1',
  'a',
  'é',
  '\n',
  '\r',
];
const PAIRS = [
  'a ',
  ' ,',
  'a,',
  'a=',
  'a=b,',
  '";',
  '<>',
  '<a>;',
  '1.',
  '.a',
  'a:',
  '::',
  '""',
  '\\"',
  '0_',
  'a-',
  '\r\n',
  '/a',
  '[]',
];

/** Texts of about `length` characters that go on and on: a run of the same, behind a beginning and before an odd end. */
export function* endless(length: number, beginnings: readonly string[] = ['']): Generator<string> {
  for (const unit of [...UNITS, ...PAIRS]) {
    const run = unit.repeat(Math.ceil(length / unit.length));
    for (const beginning of beginnings) yield* [`${beginning}${run}`, `${beginning}${run}\u0001`];
  }
}

/** Each item turned into another, one at a time. */
export function* each<T, U>(items: Iterable<T>, turned: (item: T) => U): Generator<U> {
  for (const item of items) yield turned(item);
}

/** A few characters of any kind. fast-check's own unit for them begins with a table of all that Unicode can hold. */
const ANYTHING = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 4 })
  .map((points) => String.fromCodePoint(...points));

/** Text made of the words of a grammar, in any order, with now and then something that is none of them. */
export function textOf(...words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: ANYTHING },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '\0', '\r\n', '\ud800', '\u212a', 'ſ'),
    },
  );
  return fc.array(word, { maxLength: 14 }).map((parts) => parts.join(''));
}
