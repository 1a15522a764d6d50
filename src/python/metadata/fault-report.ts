import { quoted } from '../archive/archive-error.js';
import { type Problem, refusal, warning } from '../problem.js';
import type { Fault } from './grammar/fault.js';

const CORRECT = 'correct it in the project file and build again';

/**
 * What to say of a field's value that an installer refuses.
 * @param binding whether installers are sure to get this value. If not they may still, but only a build would tell
 */
export function faultFinding(field: string, value: string, { by, cause, cure }: Fault, binding: boolean): Problem {
  const said = `${field} ${quoted(value)} is refused by ${by}`;
  const hint = cure === undefined ? CORRECT : `${cure} in the project file and build again`;
  return binding
    ? refusal(`${said}: ${cause}`, hint)
    : warning(`${said} in a wheel, which installers build of the sdist: ${cause}`, hint);
}

/** What to say of a value that installers take, and those who upload or store do not. */
export function uploadFinding(field: string, value: string, by: string, cause: string, hint = CORRECT): Problem {
  return warning(`${field} ${quoted(value)} is refused by ${by}: ${cause}`, hint);
}
