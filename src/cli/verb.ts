import type { Stop } from '../run/stopping/serving.js';
import type { World } from '../run/world.js';
import { type Arguments, type Options, parse } from './arguments.js';
import type { Result } from './result.js';

/** A command line taken apart, as far as all verbs have it in common. */
export interface Line {
  readonly json: boolean;
  /** The password comes by standard input. */
  readonly passwordStdin?: boolean;
}

/** The world of the command. It has one way to call any input. */
export interface CommandWorld extends World {
  readonly stdin: NodeJS.ReadableStream;
  /** A line on standard output while the work goes on: as it is, for whom it is meant to be copied by. */
  say(line: string): void;
  /** For a verb that serves: how it is told to stop. For all others `signal` ends the work. */
  readonly stop: Stop;
  readonly spelled: (name: string) => string;
}

/** What a verb is made of: one file in `verbs/` each. */
export interface VerbDefinition<O extends Options, L extends Line> {
  readonly name: string;
  /** What `--help` prints; fits a terminal of 80 columns and 40 lines. */
  readonly help: string;
  readonly options: O;
  /** What the verb does, if that is more than to tell: `the pull`. */
  readonly deed: string | undefined;
  /** Whether a command of the user's may follow, behind `--`. */
  readonly takesCommand?: boolean;
  /** Whether it goes on until it is told to stop, and then has a moment to end well. */
  readonly serves?: boolean;
  /** The line that these arguments make; values are looked into later. @throws UsageError */
  read(given: Arguments<O>, command: readonly string[]): L;
  /** Does the work. What it throws is a failure as well. */
  run(line: L, world: CommandWorld): Promise<Result>;
}

/** A word that the command knows. */
export interface Verb<L extends Line = Line> {
  readonly name: string;
  readonly help: string;
  /** @throws UsageError if the arguments hold an unknown option, lack what is needed, or have two passwords */
  parse(argv: readonly string[]): Command<L>;
}

/** What a command line asks for. */
export type Command<L extends Line = Line> =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | Work<L>;

export interface Work<L extends Line = Line> {
  readonly kind: 'work';
  readonly verb: string;
  readonly deed: string | undefined;
  readonly serves: boolean;
  readonly line: L;
  run(world: CommandWorld): Promise<Result>;
}

/** Makes a verb of its parts. Help comes before everything else that is asked for. */
export function defineVerb<const O extends Options, L extends Line>(definition: VerbDefinition<O, L>): Verb<L> {
  const { name, help, options, deed, takesCommand = false, serves = false } = definition;
  return {
    name,
    help,
    parse: (argv) => {
      const end = takesCommand ? argv.indexOf('--') : -1;
      const [own, command] = end < 0 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
      const given = parse<O>(own, options);
      const flags: { readonly help?: unknown; readonly version?: unknown } = given.values;
      if (flags.help) return { kind: 'help', text: help };
      if (flags.version) return { kind: 'version' };
      const line = definition.read(given, command);
      return { kind: 'work', verb: name, deed, serves, line, run: (world) => definition.run(line, world) };
    },
  };
}
