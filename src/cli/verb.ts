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
  /** The line that these arguments make; values are looked into later. @throws UsageError */
  read(given: Arguments<O>): L;
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
  readonly line: L;
  run(world: CommandWorld): Promise<Result>;
}

/** Makes a verb of its parts. Help comes before everything else that is asked for. */
export function defineVerb<const O extends Options, L extends Line>(definition: VerbDefinition<O, L>): Verb<L> {
  const { name, help, options, deed } = definition;
  return {
    name,
    help,
    parse: (argv) => {
      const given = parse<O>(argv, options);
      const flags: { readonly help?: unknown; readonly version?: unknown } = given.values;
      if (flags.help) return { kind: 'help', text: help };
      if (flags.version) return { kind: 'version' };
      const line = definition.read(given);
      return { kind: 'work', verb: name, deed, line, run: (world) => definition.run(line, world) };
    },
  };
}
