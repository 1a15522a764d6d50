import type { Command } from './verb.js';
import { check } from './verbs/check.js';
import { copy } from './verbs/copy.js';
import { prune } from './verbs/prune.js';
import { publishBeside } from './verbs/publish.js';
import { pull } from './verbs/pull.js';
import { serve } from './verbs/serve.js';
import { show } from './verbs/show.js';
import { yank } from './verbs/yank.js';

/** The verbs that are asked for by their name. */
const NAMED = [serve, check, show, pull, copy, prune, yank] as const;
/** Without one of these in front, a line publishes. */
const UNNAMED = publishBeside(NAMED.map(({ name }) => name));

export const VERBS = [UNNAMED, ...NAMED] as const;

/**
 * A verb is one as the first word only; without one the line publishes.
 * @throws UsageError if the line holds an unknown option, lacks its arguments, or has two passwords
 */
export function parseCommandLine(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  const verb = NAMED.find(({ name }) => name === first);
  return verb ? verb.parse(rest) : UNNAMED.parse(argv);
}
