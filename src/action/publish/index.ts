/** Entry of the action: runs the step, and fails if it ends before it is over. */
import { explain } from '../../core/errors.js';
import { printableLines } from '../../core/text/printable.js';
import { Outlet } from '../../run/machine/outlet.js';
import { main } from './main.js';

const outlets = [process.stdout, process.stderr].map((stream) => new Outlet(stream));

/**
 * A promise that never settles lets Node leave with code 0 as soon as nothing else keeps it alive, and the step would be
 * green with nothing published. So whoever leaves before the end fails; and so does a step whose log went nowhere.
 */
let ended = false;
process.once('exit', (code) => {
  const lost = outlets.map(({ trouble }) => trouble).find((trouble) => trouble !== undefined);
  if (ended && lost === undefined) return;
  if (!ended) {
    process.stdout.write('::error::Cannot publish: the run stopped before its end. Please report this as a bug\n');
  } else process.stderr.write(`${printableLines(`Cannot write the log of this step: ${explain(lost)}`)}\n`);
  if (code === 0) process.exitCode = 1;
});

await main(process);
ended = true;
