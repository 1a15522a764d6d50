/** Where the bytes stop: of the request as it comes in, or of the answer on its way back. */
export type Place = 'request' | 'request body' | 'answer' | 'answer body';

/** One thing that goes wrong with one request between a client and a registry. */
export type Fault =
  /** Nobody listens for a moment, and the connection that asked is gone. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'reset'; readonly at: Place }
  /** `answer`: the registry carries it out, and its answer stays away. */
  | { readonly kind: 'stall'; readonly at: 'request' | 'answer' | 'answer body' }
  /** `applied`: a gateway gives up on a registry that goes on. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly applied: boolean;
    }
  /** An answer that ends before its length, goes on for ever, or comes byte by byte. */
  | { readonly kind: 'truncated' | 'endless' | 'trickle' }
  | { readonly kind: 'wrong digest' }
  /** The registry gets it twice. */
  | { readonly kind: 'duplicate' }
  /** The token that came along is worth nothing any more. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'elsewhere'; readonly status: number };

export type Dice = () => number;

/** Numbers in [0, 1) that a seed determines: mulberry32. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(dice: Dice, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(dice() * choices.length)] ?? choices[0];
}

const STATUSES = [408, 429, 500, 502, 503, 504] as const;
const REDIRECTS = [301, 302, 303, 307, 308] as const;
/** Of seconds, of dates, and of nonsense. */
const RETRY_AFTER = ['0', '1', '3', '86400', '-5', '1e9', 'soon', '99999999999999999999', ''] as const;

function aFault(dice: Dice): Fault {
  switch (Math.floor(dice() * 12)) {
    case 0:
      return { kind: 'refused' };
    case 1:
    case 2:
      return { kind: 'reset', at: pick<Place>(dice, ['request', 'request body', 'answer', 'answer body']) };
    case 3:
      return { kind: 'stall', at: pick(dice, ['request', 'answer', 'answer body'] as const) };
    case 4:
    case 5:
      return { kind: 'status', status: pick(dice, STATUSES), retryAfter: retryAfter(dice), applied: dice() < 0.3 };
    case 6:
      return { kind: 'truncated' };
    case 7:
      return { kind: dice() < 0.7 ? 'endless' : 'trickle' };
    case 8:
      return { kind: 'wrong digest' };
    case 9:
      return { kind: 'duplicate' };
    case 10:
      return { kind: 'expired' };
    default:
      return { kind: 'elsewhere', status: pick(dice, REDIRECTS) };
  }
}

function retryAfter(dice: Dice): string | undefined {
  if (dice() < 0.5) return undefined;
  if (dice() < 0.7) return pick(dice, RETRY_AFTER);
  return new Date(Date.now() + (dice() - 0.5) * 10_000).toUTCString();
}

/** What happens to the request of this number, counted from 1. */
export type Schedule = (number: number) => Fault | undefined;

/** Requests that a schedule reaches; those after it pass. */
const REACH = 400;

/**
 * The schedule of a seed: one fault somewhere, some here and there, many, or a bad stretch of one and the same.
 * @param fits leaves out faults that are not for this run
 */
export function scheduleOf(seed: number, fits: (fault: Fault) => boolean = () => true): Schedule {
  const dice = diceOf(seed);
  const fault = (): Fault => {
    for (;;) {
      const one = aFault(dice);
      if (fits(one)) return one;
    }
  };
  const from = 1 + Math.floor(dice() * 18);
  const plan = new Map<number, Fault>();
  switch (seed % 4) {
    case 0:
      plan.set(from, fault());
      break;
    case 1: {
      const same = fault();
      const length = 2 + Math.floor(dice() * 8);
      for (let number = from; number < from + length; number += 1) plan.set(number, same);
      break;
    }
    default:
      for (let number = 1; number <= REACH; number += 1) {
        if (dice() < (seed % 4 === 2 ? 0.12 : 0.3)) plan.set(number, fault());
      }
  }
  return (number) => plan.get(number);
}

export function faultText(fault: Fault): string {
  const { kind, ...rest } = fault;
  return [kind, ...Object.values(rest)].filter((part) => part !== undefined && part !== false).join(' ');
}
