#!/usr/bin/env node
/** Entry of the command: runs it, and fails if it ends before it is over. */
import { main } from './main.js';

/** A promise that never settles lets Node leave early; whoever leaves before the end has failed. See the action's entry. */
let ended = false;
process.once('exit', (code) => {
  if (ended) return;
  process.stderr.write('error: Cannot finish: the run stopped before its end\n');
  if (code === 0) process.exitCode = 1;
});

process.exitCode = await main(process);
ended = true;
