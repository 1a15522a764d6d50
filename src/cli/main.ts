/** The command: finds the verb, runs it, tells what came of it and gives the exit status. */
import { UserError } from '../core/errors.js';
import { printable } from '../core/text/printable.js';
import { Redactor } from '../core/text/redactor.js';
import { Outlet } from '../run/machine/outlet.js';
import { systemClock, systemRandom } from '../run/machine/system.js';
import { userAgent, VERSION } from '../run/machine/version.js';
import { interruptOf } from '../run/stopping/interrupt.js';
import { type Stop, stopOf } from '../run/stopping/serving.js';
import { UploadProgress } from '../run/upload-progress.js';
import { optionNamed } from './arguments.js';
import { parseCommandLine } from './command-line.js';
import { delivered, type Status } from './delivery.js';
import { failedResult, type Result, resultOf, type Telling, tell } from './result.js';
import { Terminal } from './terminal.js';
import type { Command, CommandWorld, Work } from './verb.js';

/** For verbs that do not serve. */
const NEVER: Stop = { asked: new AbortController().signal, now: new AbortController().signal, release: () => {} };

/** A result, and what telling it depends on. */
interface Told extends Pick<Telling, 'json' | 'deed'> {
  readonly result: Result;
}

/** Finds the verb, runs it and tells what came of it. @returns the exit status, once everything is written */
export async function main(process: NodeJS.Process): Promise<Status> {
  const stdout = new Outlet(process.stdout);
  const stderr = new Outlet(process.stderr);
  const redactor = new Redactor();
  const terminal = new Terminal(stderr, redactor, process.env.RUNNER_DEBUG === '1');
  const { result, ...how } = await answer(process, terminal, redactor, stdout);
  const ended = tell(result, { stdout, terminal, redactor, ...how });
  return delivered(ended, { 'standard output': stdout, 'standard error': stderr }, terminal);
}

async function answer(process: NodeJS.Process, terminal: Terminal, redactor: Redactor, stdout: Outlet): Promise<Told> {
  let request: Command;
  try {
    request = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    return answerOf({ ...failedResult(error), people: 'standard error' });
  }
  switch (request.kind) {
    case 'help':
      return answerOf(resultOf(request.text.trimEnd().split('\n'), {}, []));
    case 'version':
      return answerOf(resultOf([`pyoci-publish ${VERSION}`], {}, []));
    case 'work': {
      const { line, deed } = request;
      const result = await run(request, process, terminal, redactor, stdout);
      return { result, json: line.json && !request.serves, deed };
    }
  }
}

/** Where nothing was done, and nobody could ask for JSON. */
function answerOf(result: Result): Told {
  return { result, json: false, deed: undefined };
}

async function run(
  work: Work,
  process: NodeJS.Process,
  terminal: Terminal,
  redactor: Redactor,
  stdout: Outlet,
): Promise<Result> {
  const stop = work.serves ? stopOf(process) : NEVER;
  const interrupt = work.serves ? { signal: stop.now, release: stop.release } : interruptOf(process);
  const world: CommandWorld = {
    env: process.env,
    stdin: process.stdin,
    stop,
    say: (text) => void stdout.write(`${printable(text)}\n`),
    log: terminal,
    masker: redactor,
    clock: systemClock,
    random: systemRandom,
    signal: interrupt.signal,
    progress: new UploadProgress(systemClock, terminal.progress),
    spelled: (name) => optionNamed(name, work.line),
    userAgent: userAgent('command'),
  };
  try {
    return await work.run(world);
  } catch (error) {
    if (error instanceof Error && !(error instanceof UserError)) terminal.debug(error.stack ?? error.message);
    return failedResult(error);
  } finally {
    interrupt.release();
  }
}
