/** Entry of the action that prunes: runs the step, and fails if it ends before it is over. */
import { main } from './main.js';

/** A promise that never settles lets Node leave with code 0, and the step would be green with nothing looked at. */
let ended = false;
process.once('exit', (code) => {
  if (ended) return;
  process.stdout.write('::error::Cannot prune: the run stopped before its end. Please report this as a bug\n');
  if (code === 0) process.exitCode = 1;
});

await main(process);
ended = true;
