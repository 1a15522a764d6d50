import { UsageError } from '../core/errors.js';
import { failureOf, failureText } from '../core/failure.js';
import { Redactor } from '../core/text/redactor.js';
import { completionOf, failuresOf, type Report } from '../publish/report/report.js';
import { reportLines } from '../publish/report/report-lines.js';
import { resultDocument } from '../publish/report/result-document.js';
import type { World } from '../run/face.js';
import { Outlet } from '../run/outlet.js';
import { publishRun } from '../run/publish-run.js';
import { interruptOf } from '../run/stopping/interrupt.js';
import { systemClock, systemRandom } from '../run/system.js';
import { UploadProgress } from '../run/upload-progress.js';
import { userAgent, VERSION } from '../run/version.js';
import { check } from './check.js';
import { delivered, type Ended, type Status } from './delivery.js';
import { HELP } from './help.js';
import { literalFinder } from './literal-finder.js';
import { type CommandLine, optionNamed, type PublishLine, parseCommandLine } from './options.js';
import { pull } from './pull.js';
import { type Telling, tell } from './result.js';
import { completed } from './secrets.js';
import { show } from './show.js';
import { Terminal, type TextStream } from './terminal.js';

/** @returns the exit status, once everything is written */
export async function main(process: NodeJS.Process): Promise<Status> {
  const stdout = new Outlet(process.stdout);
  const stderr = new Outlet(process.stderr);
  const redactor = new Redactor();
  const terminal = new Terminal(stderr, redactor, process.env.RUNNER_DEBUG === '1');
  const ended = await answer(process, stdout, terminal, redactor);
  return delivered(ended, { 'standard output': stdout, 'standard error': stderr }, terminal);
}

async function answer(
  process: NodeJS.Process,
  stdout: TextStream,
  terminal: Terminal,
  redactor: Redactor,
): Promise<Ended> {
  let line: CommandLine;
  try {
    line = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    terminal.error(failureText(failureOf(error)));
    return { status: error instanceof UsageError ? 2 : 1, completion: undefined, way: 'standard error' };
  }
  const interrupt = interruptOf(process);
  const world: World = {
    env: process.env,
    log: terminal,
    masker: redactor,
    clock: systemClock,
    random: systemRandom,
    signal: interrupt.signal,
    progress: new UploadProgress(systemClock, terminal.progress),
    spelled: (name) => optionNamed(name, line),
    userAgent: userAgent('command'),
  };
  try {
    return await run(line, process, world, { stdout, terminal, redactor });
  } finally {
    interrupt.release();
  }
}

/** A verb that does nothing but tell. */
const TOLD: Ended = { status: 0, completion: undefined, way: 'standard output' };

async function run(
  line: CommandLine,
  process: NodeJS.Process,
  world: World,
  place: Omit<Telling, 'json' | 'deed'>,
): Promise<Ended> {
  const { stdout, redactor } = place;
  switch (line.command) {
    case 'help':
      stdout.write(HELP[line.verb]);
      return TOLD;
    case 'version':
      stdout.write(`pyoci-publish ${VERSION}\n`);
      return TOLD;
    case 'check':
      return tell(() => check(line, world.signal), { ...place, json: line.json, deed: 'the check' });
    case 'show':
      return tell(async () => show(line.image, await completed(line, process), world), {
        ...place,
        json: line.json,
        deed: undefined,
      });
    case 'pull':
      return tell(async () => pull(line, await completed(line, process), world), {
        ...place,
        json: line.json,
        deed: 'the pull',
      });
    case 'publish': {
      const report = await publish(line, process, world);
      if (line.json) stdout.write(redactor.redact(resultDocument(report)));
      return endOf(report, line.json ? 'standard output' : 'standard error');
    }
  }
}

async function publish(line: PublishLine, process: NodeJS.Process, world: World): Promise<Report> {
  const { log } = world;
  const report = await completed(line, process).then(
    async (inputs) => (await publishRun(inputs, { ...world, files: literalFinder(line.paths) })).report,
    (error: unknown) => ({ address: undefined, outcome: undefined, error }),
  );
  for (const told of reportLines(report)) log.info(told);
  for (const failure of failuresOf(report)) log.error(failureText(failure));
  return report;
}

function endOf(report: Report, way: Ended['way']): Ended {
  if (report.error instanceof UsageError) return { status: 2, completion: undefined, way };
  return { status: failuresOf(report).length ? 1 : 0, completion: completionOf(report), way };
}
