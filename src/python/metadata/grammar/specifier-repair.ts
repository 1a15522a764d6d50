import { specifiersFault } from './specifiers.js';

/** Characters. Longer ones are left as they are: some of the patterns look at a run of digits from each of them. */
const LONGEST = 1_024;

/** What uv tries one after the other, each on what the ones before it made. */
const REPAIRS: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/([0-9])([<>=~^!])/g, '$1,$2'],
  [/!=~((?:[0-9]\.)*[0-9])/g, '!=$1.*'],
  [/(<=|>=|<|>)([0-9]+(?:\.[0-9]+)*)\.\*/g, '$1$2'],
  [/((?:[0-9]\.[0-9])+)\*/g, '$1.*'],
  [/,[\t\n\r\p{Zs}]*$/gu, ''],
  [/>dev/g, '>0.0.0dev'],
  [/([0-9]+(?:\.[0-9])*(?:a|b|rc|post|dev)[0-9]+)\.0/g, '$1'],
  [/['"]/g, ''],
];

/**
 * Version specifiers as uv repairs them, because files of old have them so: `>=3.6.*` is read as `>=3.6`.
 * @returns `undefined` if they stay faulty
 */
export function repairedSpecifiers(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  let repaired = text;
  for (const [wrong, right] of REPAIRS) {
    const changed = repaired.replace(wrong, right);
    if (changed === repaired) continue;
    if (!specifiersFault(changed)) return changed;
    repaired = changed;
  }
  return undefined;
}
