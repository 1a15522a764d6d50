import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What `${{ }}` in a default may look into. */
export type Contexts = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string | number | boolean }>>;
}

/**
 * The INPUT_ variables a runner sets: a default counts where the workflow does not name the input at all, and every
 * value is a string. @throws Error for an input that action.yml does not have
 */
export function inputVariables(given: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> {
  const { inputs } = parse(
    readFileSync(fileURLToPath(new URL('../../../action.yml', import.meta.url)), 'utf8'),
  ) as ActionFile;
  const unknown = Object.keys(given).find((name) => !(name in inputs));
  if (unknown !== undefined) throw new Error(`Cannot run the action: action.yml has no input "${unknown}"`);
  const defaults = Object.entries(inputs).map(([name, input]): [string, string] => [
    name,
    evaluate(String(input.default ?? ''), contexts),
  ]);
  const values = Object.entries({ ...Object.fromEntries(defaults), ...given });
  return Object.fromEntries(
    values.map(([name, value]): [string, string] => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

/** Expressions that are one property of one context, which is all a default of ours may be. */
function evaluate(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const [, context = '', property = ''] = /^(\w+)\.([\w-]+)$/.exec(expression) ?? [];
    const value = contexts[context]?.[property];
    if (value === undefined) throw new Error(`Cannot evaluate "${expression}" of action.yml`);
    return String(value);
  });
}
