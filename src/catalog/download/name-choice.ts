/** Which of the names that a file may have is its own: the metadata in it decides. */
import { fileBytes } from '../../core/bytes.js';
import { UserError } from '../../core/errors.js';
import { readDistribution } from '../../python/distribution.js';
import type { WantedFile } from './download-plan.js';

/**
 * The name that the metadata in a complete file agrees with.
 * @param path where the file lies, under any name
 * @throws UserError if there is none and the plan does not say which to take then
 */
export async function chooseName(path: string, { filename, alternatives, mustAgree }: WantedFile): Promise<string> {
  const names = [filename, ...(alternatives ?? [])];
  let refusal: string | undefined;
  for (const name of names) {
    const { distribution, problems } = await readDistribution(name, await fileBytes(path));
    if (distribution) return name;
    refusal ??= problems.find(({ severity }) => severity === 'error')?.message;
  }
  if (!mustAgree) return filename;
  throw new UserError(
    `Cannot name a file that PyOCI filed under a tag which is no version: it cannot be ${names.join(' or ')}, since ${refusal ?? 'it is no distribution'}`,
    { hint: 'delete the tag if nobody needs it; the file can be had as it is with `oras pull` or `crane blob`' },
  );
}
