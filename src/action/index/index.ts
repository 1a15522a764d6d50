/** Entry of the index action: its main step, its post step, and the server that lives between them. */
import { SERVER, serveForJob } from './server.js';

/** The runner gives a state to the post step, and to nobody else. */
const STARTED = 'STATE_nonce';

/** A promise that never settles lets Node leave with code 0, and the step would be green with nothing served. */
let ended = false;
process.once('exit', (code) => {
  if (!ended && code === 0) process.exitCode = 1;
});

if (process.argv[2] === SERVER) {
  await serveForJob(process);
} else {
  // The server needs nothing of a runner's.
  const { start, finish } = await import('./steps.js');
  await (process.env[STARTED] === undefined ? start(process) : finish(process));
}
ended = true;
