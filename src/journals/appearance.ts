import type { Member } from './member.js';

/** Pauses between looks, in milliseconds: a listing may lag behind what was pushed. */
const PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000];

/**
 * Looks until `look` finds what was just appended.
 * @returns whether it was found; `false` after the last look
 */
export async function appears(
  look: () => Promise<boolean>,
  { clock, signal }: Pick<Member, 'clock' | 'signal'>,
): Promise<boolean> {
  for (const pause of PAUSES) {
    if (await look()) return true;
    await clock.sleep(pause, signal);
  }
  return look();
}
