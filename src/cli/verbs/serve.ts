/** The verb `serve`: its options, its help, and the package index for a command, or until it is told to stop. */
import { UsageError, type UserError } from '../../core/errors.js';
import { failureOf } from '../../core/failure.js';
import {
  CLIENTS,
  type ClientName,
  clientEnvironment,
  USUAL_CLIENTS,
  uploadEnvironment,
} from '../../run/serving/client-environment.js';
import { type Detail, failuresOnly, requestLog } from '../../run/serving/request-log.js';
import { type Serving, serveRun } from '../../run/serving/serve-run.js';
import { openUploads } from '../../run/serving/uploads.js';
import { givenInputs, SERVE_INPUTS, type ServeInputs } from '../../run/settings/inputs.js';
import { type Arguments, checkPasswords, FLAG, HELP_FLAG, SIGN_IN, SIGN_IN_HELP, TEXT } from '../arguments.js';
import { type Result, resultOf } from '../result.js';
import { completed } from '../secrets.js';
import { runChild } from '../serving/child.js';
import { copyLines } from '../serving/copy-lines.js';
import { type CommandWorld, defineVerb, type Line } from '../verb.js';

export interface ServeLine extends Line {
  readonly inputs: ServeInputs;
  readonly passwordStdin: boolean;
  /** Program and arguments; empty: serve until told to stop. */
  readonly command: readonly string[];
  readonly withoutPassword: boolean;
  readonly publish: boolean;
  readonly detail: Detail;
}

const OPTIONS = {
  ...SIGN_IN,
  packages: { type: 'string', multiple: true },
  registry: TEXT,
  namespace: TEXT,
  'oci-layout': TEXT,
  fallback: TEXT,
  'extra-indexes': TEXT,
  port: TEXT,
  'no-password': FLAG,
  publish: FLAG,
  json: FLAG,
  quiet: FLAG,
  verbose: FLAG,
  help: HELP_FLAG,
} as const;

const HELP = `Usage: pyoci-publish serve [options] [-- COMMAND ARGS...]

Serves packages of a registry to pip and other installers on this machine, for
one command or until you stop it. All other names are left to the usual index.

  --packages NAME            your packages: names or globs, with commas or
                             repeated; NAMESPACE/NAME for another namespace
  --registry HOST            (default: GitHub's own registry)
  --namespace PATH           where the packages are; in a job: its owner
  --oci-layout FOLDER        an OCI image layout folder instead of a registry
  --fallback URL|none|auto   index for all other names (default: auto, the one
                             that pip or uv use here)
  --extra-indexes allow      although other indexes are set beside it
  --port NUMBER              (default: 8417, or any if that is taken)
  --no-password              let every user of this machine in
  --publish                  take uploads of twine, uv publish and others, and
                             publish them to the registry

${SIGN_IN_HELP}
  --json                     one line of JSON when it is ready
  --quiet, --verbose         failures only; every request
  --help
Exit status: that of COMMAND; without one 0 stopped, 1 failed, 2 wrong usage.
`;

/** Milliseconds that requests have to end after the server was told to stop. */
const DRAIN = 5_000;

/** Serves packages to installers on this machine. */
export const serve = defineVerb({
  name: 'serve',
  help: HELP,
  options: OPTIONS,
  deed: undefined,
  takesCommand: true,
  serves: true,
  read,
  run,
});

function read({ values, positionals }: Arguments<typeof OPTIONS>, command: readonly string[]): ServeLine {
  const [stray] = positionals;
  if (stray !== undefined) {
    throw new UsageError(`Cannot serve: "${stray}" is no option`, {
      hint: 'name packages by --packages, and write -- in front of a command',
    });
  }
  checkPasswords(values);
  const { help, json = false, quiet = false, verbose = false, packages = [], ...others } = values;
  const {
    'password-stdin': passwordStdin = false,
    'no-password': withoutPassword = false,
    publish = false,
    ...inputs
  } = others;
  if (command.length && (json || passwordStdin)) {
    throw new UsageError(`Cannot serve: ${json ? '--json' : '--password-stdin'} and a command are both given`, {
      hint: 'standard input and output belong to the command; sign in by `docker login` or --username and --password',
    });
  }
  return {
    inputs: givenInputs(SERVE_INPUTS, { ...inputs, packages: packages.join('\n') }),
    passwordStdin,
    command,
    withoutPassword,
    publish,
    detail: quiet ? 'quiet' : verbose ? 'verbose' : command.length ? 'quiet' : 'usual',
    json,
  };
}

async function run(line: ServeLine, world: CommandWorld): Promise<Result> {
  const inputs = await completed(line, world);
  const log = line.detail === 'quiet' ? failuresOnly(world.log) : world.log;
  const onEvent = requestLog(log, line.detail);
  const { withoutPassword: open, publish } = line;
  const serving = await serveRun(inputs, {
    ...world,
    log,
    onEvent,
    open,
    openUploads: publish ? openUploads : undefined,
  });
  let losses: readonly UserError[] = [];
  let result: Result;
  try {
    if (line.command.length) result = await served(line.command, serving, world);
    else {
      announce(serving, line, world);
      await asked(world);
      result = resultOf([], {}, []);
    }
  } finally {
    losses = await serving.close(DRAIN);
  }
  if (!losses.length) return result;
  // A command that succeeded has not, if what it uploaded may be gone.
  const lost = resultOf([], {}, [...result.failures, ...losses.map((loss) => failureOf(loss))]);
  return result.status ? { ...lost, status: result.status } : lost;
}

/** For one command, whose exit status counts. */
async function served(command: readonly string[], serving: Serving, world: CommandWorld): Promise<Result> {
  const set = { ...clientEnvironment(serving, clientsOf(command), world.env), ...uploadEnvironment(serving) };
  const { status, error } = await runChild(command, { ...world.env, ...set }, world.stop);
  return { ...resultOf([], {}, error ? [failureOf(error)] : []), status };
}

/** uv is led here for `uv pip` alone: other commands of uv would write the address into a lock file. */
function clientsOf([program = '', verb]: readonly string[]): readonly ClientName[] {
  return /(?:^|[\\/])uv(?:\.exe)?$/i.test(program) && verb === 'pip' ? CLIENTS : USUAL_CLIENTS;
}

function announce(serving: Serving, { json }: ServeLine, world: CommandWorld): void {
  const { url, indexUrl, ownedUrl, uploadUrl, port } = serving;
  if (json) world.say(JSON.stringify({ url, indexUrl, ownedUrl, uploadUrl, port, pid: process.pid }));
  else for (const text of copyLines(serving)) world.say(text);
}

async function asked({ stop, signal }: CommandWorld): Promise<void> {
  const either = AbortSignal.any([stop.asked, signal]);
  if (either.aborted) return;
  await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }));
}
