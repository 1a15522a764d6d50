import { main } from './main.js';

/**
 * A promise that never settles lets Node leave with code 0 as soon as nothing else keeps it alive, and the step would be
 * green with nothing published. So whoever leaves before the end fails.
 */
let ended = false;
process.once('exit', (code) => {
  if (ended) return;
  process.stdout.write('::error::Cannot publish: the run stopped before its end. Please report this as a bug\n');
  if (code === 0) process.exitCode = 1;
});

await main(process);
ended = true;
