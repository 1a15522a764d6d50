/** The two steps of the index action: one starts the index and leads later steps to it, the other ends it and reports. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { explain, UsageError, UserError } from '../../core/errors.js';
import { failureOf, failureText } from '../../core/failure.js';
import { printableLines } from '../../core/text/printable.js';
import { CLIENTS, type ClientName, clientEnvironment, INDEX_USER } from '../../run/serving/client-environment.js';
import { SERVE_INPUTS } from '../../run/settings/inputs.js';
import type { ServeReport } from '../../serve/event.js';
import { ActionLog } from '../shared/action-log.js';
import { AnnotationBudget } from '../shared/annotation-budget.js';
import { readInputs } from '../shared/inputs.js';
import { startServer } from './launch.js';
import { summaryOf } from './summary.js';

/** Starts the index, and sets what later steps need. */
export async function start(process: NodeJS.Process): Promise<void> {
  try {
    const clients = clientsOf(core.getInput('export'));
    const inputs = readInputs((name) => (name === 'oci-layout' ? '' : core.getInput(name)), SERVE_INPUTS);
    for (const secret of [inputs.password, inputs['github-token']]) if (secret !== '') core.setSecret(secret);
    const [password, nonce] = [randomBytes(16), randomBytes(16)].map((bytes) => bytes.toString('hex')) as [
      string,
      string,
    ];
    core.setSecret(password);
    const logFile = join(process.env.RUNNER_TEMP || tmpdir(), `pyoci-publish-index-${nonce.slice(0, 8)}.log`);
    const file = openSync(logFile, 'a', 0o600);
    const { word, pid } = await startServer({ inputs, env: process.env, password, nonce }, file, process);
    closeSync(file);
    if (word.kind === 'failed') throw new UserError(word.message, { hint: word.hint });
    const indexUrl = word.url.replace('://', `://${INDEX_USER}:${password}@`);
    const state = { pid, nonce, password, url: word.url, log: logFile };
    for (const [name, value] of Object.entries(state)) core.saveState(name, value);
    core.setOutput('index-url', indexUrl);
    core.setOutput('owned-url', word.ownedUrl);
    core.setOutput('url', word.url);
    core.setOutput('port', word.port);
    const variables = clientEnvironment({ indexUrl, password }, clients, process.env);
    for (const [name, value] of Object.entries(variables)) core.exportVariable(name, value);
    core.info(`Serving ${inputs.packages.trim().split(/\s+/).join(', ')} at ${word.url}`);
    core.info(`Later steps have ${Object.keys(variables).join(', ')}`);
  } catch (error) {
    core.setFailed(printableLines(failureText(failureOf(error))));
  }
}

/** Tells what the index did, and ends it. Nothing here fails a job whose work is done. */
export async function finish(process: NodeJS.Process): Promise<void> {
  const log = new ActionLog(core, new AnnotationBudget());
  const [pid, nonce, password, url, logFile] = ['pid', 'nonce', 'password', 'url', 'log'].map((name) =>
    core.getState(name),
  ) as [string, string, string, string, string];
  core.setSecret(password);
  try {
    const report = await reportOf(url, nonce, password);
    await log.group('Log of the package index', async () => {
      log.info(readFileSync(logFile, 'utf8').trimEnd() || 'nothing was asked');
    });
    if (!report) {
      log.warning('The package index had ended before the job did: its log tells why');
      return;
    }
    for (const { project, message, hint } of report.failures) {
      log.error(`${project}: ${message}${hint === undefined ? '' : `\nTo fix it: ${hint}`}`);
    }
    await core.summary.addRaw(summaryOf(report)).write();
    process.kill(Number(pid), 'SIGTERM');
  } catch (error) {
    log.warning(`Cannot end the package index well: ${explain(error)}`);
  }
}

/** What the index did; `undefined` if what answers there is not ours any more. */
async function reportOf(url: string, nonce: string, password: string): Promise<ServeReport | undefined> {
  const root = new URL('..', url);
  try {
    const health = (await (await fetch(new URL('/health', url))).json()) as { readonly nonce?: string };
    if (health.nonce !== nonce) return undefined;
    const authorization = `Basic ${Buffer.from(`${INDEX_USER}:${password}`).toString('base64')}`;
    return (await (await fetch(new URL('report', root), { headers: { authorization } })).json()) as ServeReport;
  } catch {
    return undefined;
  }
}

function clientsOf(text: string): readonly ClientName[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = names.find((name) => !CLIENTS.some((client) => client === name));
  if (unknown === undefined) return names as readonly ClientName[];
  throw new UsageError(`Cannot use input \`export\`: found "${unknown}", expected some of ${CLIENTS.join(', ')}`);
}
