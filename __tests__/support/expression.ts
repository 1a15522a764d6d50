/**
 * `${{ }}` as a runner evaluates it, as much of it as our workflows use: literals, properties, `!`, `==`, `!=`, `&&`,
 * `||`, parentheses and a few functions. Stricter than a runner in one thing: a property that is not there is an error.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export type Value = string | number | boolean | null;

export interface Context {
  readonly [name: string]: Value | Context;
}

const FUNCTIONS: Readonly<Record<string, (...values: readonly Value[]) => Value>> = {
  cancelled: () => false,
  success: () => true,
  contains: (text = null, part = null) => textOf(text).toLowerCase().includes(textOf(part).toLowerCase()),
};

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(==|!=|&&|\|\||[!(),]))/y;

/** A text with each `${{ }}` in it replaced. */
export function evaluateText(text: string, contexts: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => textOf(evaluate(expression, contexts)));
}

/** Whether an `if:` lets its step or job run; the braces may be left out there. */
export function holds(condition: string | undefined, contexts: Context): boolean {
  if (condition === undefined) return true;
  const [, inner = condition] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition) ?? [];
  return isTrue(evaluate(inner, contexts));
}

/** @throws Error for what is no expression, and for a property that no context has */
export function evaluate(expression: string, contexts: Context): Value {
  const reader = new Reader(expression, contexts);
  const value = reader.either();
  reader.end();
  return value;
}

type Token =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'name' | 'sign'; readonly text: string };

class Reader {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  readonly #contexts: Context;
  #at = 0;

  constructor(expression: string, contexts: Context) {
    this.#expression = expression;
    this.#tokens = tokensOf(expression);
    this.#contexts = contexts;
  }

  either(): Value {
    let value = this.#both();
    while (this.#takes('||')) {
      const other = this.#both();
      value = isTrue(value) ? value : other;
    }
    return value;
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong();
  }

  #both(): Value {
    let value = this.#comparison();
    while (this.#takes('&&')) {
      const other = this.#comparison();
      value = isTrue(value) ? other : value;
    }
    return value;
  }

  #comparison(): Value {
    const value = this.#single();
    if (this.#takes('==')) return isEqual(value, this.#single());
    if (this.#takes('!=')) return !isEqual(value, this.#single());
    return value;
  }

  #single(): Value {
    if (this.#takes('!')) return !isTrue(this.#single());
    if (this.#takes('(')) {
      const value = this.either();
      if (!this.#takes(')')) throw this.#wrong();
      return value;
    }
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'value') return token.value;
    if (token?.kind !== 'name') throw this.#wrong();
    return this.#takes('(') ? this.#call(token.text) : this.#property(token.text);
  }

  #call(name: string): Value {
    const called = FUNCTIONS[name];
    if (!called) throw this.#wrong(`no function ${name}`);
    const values: Value[] = [];
    while (!this.#takes(')')) {
      if (values.length && !this.#takes(',')) throw this.#wrong();
      values.push(this.either());
    }
    return called(...values);
  }

  #property(path: string): Value {
    let found: Value | Context | undefined = this.#contexts;
    for (const part of path.split('.')) {
      found = typeof found === 'object' && found !== null ? found[part] : undefined;
    }
    if (found === undefined || (typeof found === 'object' && found !== null)) throw this.#wrong(`no value ${path}`);
    return found;
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #wrong(what = 'no such syntax'): Error {
    return new Error(`Cannot evaluate "${this.#expression.trim()}": ${what}`);
  }
}

function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const text = expression.trimEnd();
  while (pattern.lastIndex < text.length) {
    const [, quoted, number, name, sign] = pattern.exec(text) ?? [];
    if (quoted !== undefined) tokens.push({ kind: 'value', value: quoted.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'value', value: Number(number) });
    else if (name === 'true' || name === 'false') tokens.push({ kind: 'value', value: name === 'true' });
    else if (name === 'null') tokens.push({ kind: 'value', value: null });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else throw new Error(`Cannot evaluate "${expression.trim()}": no such syntax`);
  }
  return tokens;
}

function isTrue(value: Value): boolean {
  return value !== false && value !== 0 && value !== '' && value !== null;
}

/** Texts are equal whatever their case; unlike kinds are compared as numbers. */
function isEqual(one: Value, other: Value): boolean {
  if (typeof one === 'string' && typeof other === 'string') return one.toLowerCase() === other.toLowerCase();
  return typeof one === typeof other ? one === other : Number(one) === Number(other);
}

function textOf(value: Value): string {
  return value === null ? '' : String(value);
}
