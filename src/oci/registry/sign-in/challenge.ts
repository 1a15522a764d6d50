/**
 * One way to sign in that a server offers: scheme in lower case, parameters by lower-case name.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
/** `name = value`, the value a token or a quoted string. */
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s",]*))`, 'y');
/** A scheme, with an opaque token68 behind it or nothing; not the name of a parameter. */
const SCHEME = new RegExp(`(${TOKEN})(?![ \\t]*=[^=])(?:[ \\t]+[A-Za-z0-9._~+/-]+=*(?=[ \\t]*(?:,|$)))?`, 'y');
const SEPARATOR = /[ \t,]*/y;

/**
 * Reads the values of all `WWW-Authenticate` headers. A comma divides challenges as well as parameters, and may stand
 * inside a quoted string; what cannot be read ends the reading of that header, never fails.
 */
export function parseChallenges(values: readonly string[]): readonly Challenge[] {
  return values.flatMap(parseHeader);
}

function parseHeader(text: string): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SEPARATOR);
    if (at >= text.length) return found;
    const parameter = found.length > 0 ? take(PARAMETER) : null;
    if (parameter) {
      const [, name = '', quoted, bare = ''] = parameter;
      const parameters = found.at(-1)?.parameters ?? {};
      parameters[name.toLowerCase()] ??= quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
      continue;
    }
    const scheme = take(SCHEME);
    if (!scheme) return found;
    found.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: {} });
  }
}
