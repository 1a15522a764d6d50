import { text } from 'node:stream/consumers';
import { UsageError } from '../core/errors.js';
import { Redactor } from '../core/redactor.js';
import { failureOf, failuresOf, failureText, type Report } from '../publish/report.js';
import { reportLines } from '../publish/report-lines.js';
import { resultDocument } from '../publish/result-document.js';
import type { World } from '../run/face.js';
import type { RawInputs } from '../run/inputs.js';
import { interruptOf } from '../run/interrupt.js';
import { publishRun } from '../run/publish-run.js';
import { systemClock, systemRandom } from '../run/system.js';
import { UploadProgress } from '../run/upload-progress.js';
import { userAgent, VERSION } from '../run/version.js';
import { check } from './check.js';
import { HELP } from './help.js';
import { literalFinder } from './literal-finder.js';
import { type CommandLine, optionNamed, type PublishLine, parseCommandLine } from './options.js';
import { pull } from './pull.js';
import { tell } from './result.js';
import { show } from './show.js';
import { Terminal } from './terminal.js';

/** @returns the exit status: 0 done, 1 failed, 2 wrong usage */
export async function main(process: NodeJS.Process): Promise<0 | 1 | 2> {
  const redactor = new Redactor();
  const terminal = new Terminal(process.stderr, redactor, process.env.RUNNER_DEBUG === '1');
  let line: CommandLine;
  try {
    line = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    terminal.error(failureText(failureOf(error)));
    return error instanceof UsageError ? 2 : 1;
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
    return await run(line, process, world, terminal, redactor);
  } finally {
    interrupt.release();
  }
}

async function run(
  line: CommandLine,
  process: NodeJS.Process,
  world: World,
  terminal: Terminal,
  redactor: Redactor,
): Promise<0 | 1 | 2> {
  const { stdout } = process;
  const telling = { stdout, terminal, redactor };
  switch (line.command) {
    case 'help':
      stdout.write(HELP[line.verb]);
      return 0;
    case 'version':
      stdout.write(`pyoci-publish ${VERSION}\n`);
      return 0;
    case 'check':
      return tell(() => check(line, world.signal), { ...telling, json: line.json });
    case 'show':
      return tell(async () => show(line.image, await completed(line, process), world), { ...telling, json: line.json });
    case 'pull':
      return tell(async () => pull(line, await completed(line, process), world), { ...telling, json: line.json });
    case 'publish': {
      const report = await publish(line, await completed(line, process), world);
      if (line.json) stdout.write(redactor.redact(resultDocument(report)));
      return statusOf(report);
    }
  }
}

async function publish({ paths }: PublishLine, inputs: RawInputs, world: World): Promise<Report> {
  const { log } = world;
  const { report } = await publishRun(inputs, { ...world, files: literalFinder(paths) });
  for (const told of reportLines(report)) log.info(told);
  for (const failure of failuresOf(report)) log.error(failureText(failure));
  return report;
}

/** Secrets that come by other ways than the command line, where everybody on the machine could read them. */
async function completed(
  { inputs, passwordStdin }: { readonly inputs: RawInputs; readonly passwordStdin: boolean },
  { stdin, env }: NodeJS.Process,
): Promise<RawInputs> {
  const inJob = env.GITHUB_ACTIONS === 'true';
  return {
    ...inputs,
    password: passwordStdin ? await text(stdin) : inputs.password,
    'github-token': inputs['github-token'] || (inJob && env.GITHUB_TOKEN) || '',
  };
}

function statusOf(report: Report): 0 | 1 | 2 {
  if (report.error instanceof UsageError) return 2;
  return failuresOf(report).length ? 1 : 0;
}
