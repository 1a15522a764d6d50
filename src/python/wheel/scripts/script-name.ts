import { LONGEST_NAME } from '../../archive/archive-limits.js';

const LONGEST_MINOR = 255;
const OUT = 'leads out of the folder of scripts';

/** Why a script cannot be written under a name, in words, and who refuses to. */
export interface ScriptNameFault {
  readonly by: 'pip and uv' | 'uv';
  readonly cause: string;
}

/** What is against the name of an entry point as the path of a script below the folder of scripts. */
export function scriptNameFault(name: string): ScriptNameFault | undefined {
  if (name.includes('\0')) return { by: 'pip and uv', cause: 'holds a NUL' };
  if (name.startsWith('/')) return { by: 'pip and uv', cause: OUT };
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return { by: 'pip and uv', cause: OUT };
  }
  const [file, ...below] = parts;
  if (file === undefined) return { by: 'pip and uv', cause: OUT };
  if (below.length > 0) return { by: 'uv', cause: 'is in a folder of its own' };
  if (Buffer.byteLength(file) > LONGEST_NAME) {
    return { by: 'pip and uv', cause: `has more than the ${LONGEST_NAME} bytes that file systems take` };
  }
  return isReserved(file) ? { by: 'uv', cause: 'would take the place of the interpreter' } : undefined;
}

/** Whether uv keeps the name of a script for interpreters, whatever its case. */
export function isReserved(name: string): boolean {
  const bare = name.toLowerCase().replace(/\.py$/, '');
  if (/^(?:python|pythonw|python3|pypy[23]?|graalpy)$/.test(bare)) return true;
  const minor = /^python3\.\+?([0-9]+)t?$/.exec(bare)?.[1];
  return minor !== undefined && Number(minor) <= LONGEST_MINOR;
}
