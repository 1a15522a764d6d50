import { UserError } from '../../src/core/errors.js';
import { ArchiveError } from '../../src/python/archive.js';

/** Expects that an archive is refused for this reason, with advice. */
export async function expectRefused(reading: Promise<unknown>, reason: RegExp, advice = /\S/): Promise<void> {
  const error = await reading.then(
    (contents) => ({ read: contents }),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  expect(error).toMatchObject({ message: expect.stringMatching(reason), hint: expect.stringMatching(advice) });
}

/** What a reading gave: its contents, or the refusal. Anything else that is thrown is thrown on. */
export async function contentsOrRefusal<T>(reading: Promise<T>): Promise<T | UserError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
