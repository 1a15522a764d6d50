import { quoted } from '../../archive/archive-error.js';
import { indentOf, splitLines, stripped } from '../../archive/python-text.js';
import type { Fault, Refuser } from '../../metadata/grammar/fault.js';

/** One entry point as an installer reads it. */
export interface EntryPoint {
  /** From 1, as this reader counts lines. */
  readonly line: number;
  /** The section: `console_scripts`. */
  readonly group: string;
  readonly name: string;
  readonly value: string;
}

/** What one installer stops at in entry_points.txt. */
export interface EntryFault extends Fault {
  readonly line: number;
}

/** All that one installer reads of the file, or where it stops. */
export type EntryReading = { readonly entries: readonly EntryPoint[] } | { readonly fault: EntryFault };

/** As pip reads it: the plain reader of Python's `importlib.metadata`, to which each line is one thing. */
export function readLikePip(text: string): EntryReading {
  const entries: EntryPoint[] = [];
  let group: string | undefined;
  let number = 0;
  for (const raw of splitLines(text)) {
    number += 1;
    const line = stripped(raw);
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      group = withoutBrackets(line);
      continue;
    }
    // What stands in front of all sections is left out.
    if (group === undefined) continue;
    const equals = line.indexOf('=');
    if (equals < 0) return stop('pip', number, `${quoted(line)} is neither a section nor "name = value"`);
    entries.push({
      line: number,
      group,
      name: stripped(line.slice(0, equals)),
      value: stripped(line.slice(equals + 1)),
    });
  }
  return { entries };
}

const DEFAULT = 'DEFAULT';

/**
 * As uv reads it: the grammar of Python's `configparser`, with `=` alone between name and value. A line that is indented
 * deeper than the one before goes on with its value, and what is in `[DEFAULT]` counts in every section.
 */
export function readLikeUv(text: string): EntryReading {
  const groups = new Map<string, Map<string, EntryPoint>>();
  let group: string | undefined;
  let open: string | undefined;
  let level = 0;
  let number = 0;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    number += 1;
    const line = stripped(raw);
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const indent = indentOf(raw);
    const options = group === undefined ? undefined : groups.get(group);
    const continued = open === undefined || indent <= level ? undefined : options?.get(open);
    if (continued) {
      options?.set(continued.name, { ...continued, value: `${continued.value}\n${line}` });
      continue;
    }
    level = indent;
    const header = headerOf(line);
    if (header !== undefined) {
      if (groups.has(header) && header !== DEFAULT) return stop('uv', number, `${quoted(line)} stands there before`);
      if (!groups.has(header)) groups.set(header, new Map());
      group = header;
      open = undefined;
      continue;
    }
    if (group === undefined || !options) return stop('uv', number, `${quoted(line)} stands before any [section]`);
    const equals = line.indexOf('=');
    const name = stripped(line.slice(0, Math.max(0, equals)));
    if (name === '') return stop('uv', number, `${quoted(line)} is neither a section nor "name = value"`);
    if (options.has(name)) return stop('uv', number, `${quoted(name)} stands in [${group}] before`);
    options.set(name, { line: number, group, name, value: stripped(line.slice(equals + 1)) });
    open = name;
  }
  const defaults = [...(groups.get(DEFAULT)?.values() ?? [])];
  const entries = [...groups].flatMap(([to, options]) => [
    ...defaults.filter(({ name }) => !options.has(name)).map((entry) => ({ ...entry, group: to })),
    ...options.values(),
  ]);
  return { entries };
}

function headerOf(line: string): string | undefined {
  const end = line.lastIndexOf(']');
  return line.startsWith('[') && end > 1 ? line.slice(1, end) : undefined;
}

function withoutBrackets(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && '[]'.includes(line.charAt(start))) start += 1;
  while (end > start && '[]'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function stop(by: Refuser, line: number, cause: string): EntryReading {
  return { fault: { by, line, cause } };
}
