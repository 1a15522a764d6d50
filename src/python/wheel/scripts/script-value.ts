/** What Python's patterns take for a letter, and what Rust's do. */
const PIP_WORD = '[\\p{L}\\p{N}_]';
const UV_WORD = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}.-]';

const PIP_CALLABLE = new RegExp(`^${PIP_WORD}+(?:[:.]${PIP_WORD}+)*`, 'u');
const PIP_EXTRA = `${PIP_WORD}+(?:=${PIP_WORD}+)?`;
const PIP_EXTRAS = new RegExp(`^\\s*\\[\\s*(?:${PIP_WORD}|-)+(?:=${PIP_WORD}+)?(?:,\\s*${PIP_EXTRA})*\\s*\\]`, 'u');
const UV_SCRIPT = new RegExp(`^${UV_WORD}+\\s*:\\s*${UV_WORD}+(?:\\s*\\[(.+)\\])?$`, 'su');

/** Why pip makes no script of an entry point, in words. It finds the callable at the front and looks no further. */
export function pipScriptFault(name: string, value: string): string | undefined {
  const callable = PIP_CALLABLE.exec(value)?.[0];
  const colons = callable?.split(':').length ?? 0;
  if (callable === undefined || colons !== 2) return 'which is no "module:callable"';
  const extras = PIP_EXTRAS.test(value.slice(callable.length));
  return extras || !/[[\]]/.test(`${name}${value}`) ? undefined : 'with brackets that hold no list of extras';
}

/** Why uv makes no script of it, in words. */
export function uvScriptFault(value: string): string | undefined {
  const found = UV_SCRIPT.exec(value);
  if (!found) return 'which is no "module:callable"';
  const extras = found[1];
  if (extras === undefined || !(extras.startsWith(',') || extras.includes(',,'))) return undefined;
  return 'with an extra that has no name';
}
