/**
 * What a runner makes of a step's output. Written from the runner's rules, apart from our code: both streams are read,
 * lines end at LF, CR or CRLF; `::command key=value::data` counts at the start of a line after blanks, the old form
 * `##[command]data` anywhere in it; names in any case.
 */

export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface ReadLog {
  /** As the log page shows it: commands carried out, secrets blanked. */
  readonly shown: string;
  /** All that was printed but the `add-mask` lines, nothing blanked. */
  readonly unmasked: string;
  readonly annotations: readonly Annotation[];
  readonly groups: readonly string[];
  readonly masks: readonly string[];
  /** Commands that are none of log, mask, group and annotation (`set-output`, `stop-commands`), by name. */
  readonly others: readonly string[];
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const MODERN = /^\s*::([A-Za-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/;
const OLD = /##\[([A-Za-z-]+)(?: ([^\]]*))?\](.*)$/;
const KNOWN = new Set([
  ...['add-mask', 'add-matcher', 'remove-matcher', 'debug', 'notice', 'warning', 'error', 'group', 'endgroup', 'echo'],
  ...['save-state', 'set-output', 'set-env', 'add-path', 'stop-commands'],
]);

export function readLog(output: string): ReadLog {
  const shown: string[] = [];
  const unmasked: string[] = [];
  const annotations: Annotation[] = [];
  const groups: string[] = [];
  const masks: string[] = [];
  const others: string[] = [];
  for (const line of output.split(/\r\n|\r|\n/)) {
    const command = commandIn(line);
    if (command?.name === 'add-mask') {
      const forms = new Set([command.data, ...command.data.split('\n')]);
      masks.push(...[...forms].filter((mask) => mask !== ''));
      continue;
    }
    unmasked.push(line);
    shown.push(blank(command?.data ?? line, masks));
    if (command === undefined || command.name === 'debug') continue;
    const { name, data, properties } = command;
    if (name === 'error' || name === 'warning' || name === 'notice') {
      annotations.push({ kind: name, message: blank(data, masks), properties });
    } else if (name === 'group') groups.push(data);
    else if (name !== 'endgroup') others.push(name);
  }
  return { shown: shown.join('\n'), unmasked: unmasked.join('\n'), annotations, groups, masks, others };
}

function commandIn(line: string): Command | undefined {
  const [, name, properties = '', data = ''] = MODERN.exec(line) ?? OLD.exec(line) ?? [];
  if (name === undefined || !KNOWN.has(name.toLowerCase())) return undefined;
  const pairs = properties.split(',').map((pair) => /^\s*([^=]+)=(.*)$/.exec(pair));
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(
      pairs.flatMap((pair) =>
        pair
          ? [
              [
                pair[1],
                decode(pair[2] ?? '')
                  .replace(/%3A/gi, ':')
                  .replace(/%2C/gi, ','),
              ],
            ]
          : [],
      ),
    ),
    data: decode(data),
  };
}

function decode(text: string): string {
  return text.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n').replace(/%25/g, '%');
}

/** The runner also knows some encoded forms of a secret; a plain match is the least it does. */
export function blank(text: string, masks: readonly string[]): string {
  return [...masks].sort((a, b) => b.length - a.length).reduce((left, mask) => left.replaceAll(mask, '***'), text);
}
