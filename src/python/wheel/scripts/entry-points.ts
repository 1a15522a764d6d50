import { isUtf8 } from 'node:buffer';
import { quoted } from '../../archive/archive-error.js';
import { hasSpace } from '../../archive/python-text.js';
import type { Refuser } from '../../metadata/grammar/fault.js';
import { type OnProblem, refusal, SAVE_AS_UTF8 } from '../../problem.js';
import { type EntryFault, type EntryPoint, type EntryReading, readLikePip, readLikeUv } from './entry-point-lines.js';
import { scriptNameFault } from './script-name.js';
import { pipScriptFault, uvScriptFault } from './script-value.js';

/** The sections that installers make scripts of; all others are for whoever asks for them at run time. */
const SCRIPTS = ['console_scripts', 'gui_scripts'];
const HINT = 'write entry points as name = module:callable, each name once in its section, and build again';

/**
 * Reports what pip or uv refuse a wheel's entry_points.txt for, which both read in ways of their own.
 *
 * @see https://packaging.python.org/en/latest/specifications/entry-points/
 */
export function checkEntryPoints(bytes: Buffer, report: OnProblem): void {
  if (!isUtf8(bytes)) {
    report(refusal('its entry_points.txt is not UTF-8: pip and uv refuse to install it', SAVE_AS_UTF8));
    return;
  }
  const text = bytes.toString();
  const pip = faultOf(readLikePip(text), pipFault);
  const uv = faultOf(readLikeUv(text), uvFault);
  if (pip && uv && pip.line === uv.line) tell('pip and uv refuse', pip, report);
  else for (const fault of [pip, uv]) if (fault) tell(`${fault.by} refuses`, fault, report);
}

function tell(who: string, { line, cause }: EntryFault, report: OnProblem): void {
  report(refusal(`line ${line} of its entry_points.txt: ${cause}: ${who} to install it`, HINT));
}

function faultOf(reading: EntryReading, check: (entry: EntryPoint) => EntryFault | undefined): EntryFault | undefined {
  if ('fault' in reading) return reading.fault;
  for (const entry of reading.entries) {
    const fault = SCRIPTS.includes(entry.group) ? check(entry) : undefined;
    if (fault) return fault;
  }
  return undefined;
}

function pipFault({ line, name, value }: EntryPoint): EntryFault | undefined {
  const script = pipScriptFault(name, value);
  if (script !== undefined) return badScript('pip', line, value, script);
  // Of a name with a blank in it, pip takes no more than the end; one without any it takes for a blank.
  const fault = name === '' || hasSpace(name) ? undefined : scriptNameFault(name);
  return fault?.by === 'pip and uv' ? badName('pip', line, name, fault.cause) : undefined;
}

function uvFault({ line, name, value }: EntryPoint): EntryFault | undefined {
  const script = uvScriptFault(value);
  if (script !== undefined) return badScript('uv', line, value, script);
  const fault = scriptNameFault(name);
  return fault && badName('uv', line, name, fault.cause);
}

function badScript(by: Refuser, line: number, value: string, cause: string): EntryFault {
  return { by, line, cause: `a script of ${quoted(value)}, ${cause}` };
}

function badName(by: Refuser, line: number, name: string, cause: string): EntryFault {
  return { by, line, cause: `the script ${quoted(name)} ${cause}` };
}
