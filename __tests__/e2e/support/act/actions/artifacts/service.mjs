// The artifact service of a run, by the calls that GitHub's own actions make: blobs are zip archives.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SERVICE = 'twirp/github.actions.results.api.v1.ArtifactService';

/** What the runner tells of this job's place in the run: `Actions.Results:RUN:JOB`, among the scopes of its token. */
function ids() {
  const [, claims = ''] = (process.env.ACTIONS_RUNTIME_TOKEN ?? '').split('.');
  const { scp } = JSON.parse(Buffer.from(claims, 'base64url'));
  const [, run, job] = /Actions\.Results:([^: ]+):([^: ]+)/.exec(scp);
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: job };
}

async function call(method, message) {
  const url = new URL(`${SERVICE}/${method}`, process.env.ACTIONS_RESULTS_URL);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${process.env.ACTIONS_RUNTIME_TOKEN}` };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ ...ids(), ...message }) });
  if (!answer.ok) throw new Error(`${method} was answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** @param {readonly string[]} files their paths; they are stored by their last names */
export async function upload(name, files) {
  const archive = join(mkdtempSync(join(tmpdir(), 'artifact-')), 'content.zip');
  execFileSync('python3', ['-m', 'zipfile', '-c', archive, ...files]);
  const bytes = readFileSync(archive);
  const { ok, signedUploadUrl } = await call('CreateArtifact', { name, version: 4 });
  if (!ok)
    throw new Error(`Failed to CreateArtifact: an artifact with the name ${name} already exists on the workflow run`);
  for (const [comp, body] of [
    ['block', bytes],
    ['blocklist', ''],
  ]) {
    const put = await fetch(`${signedUploadUrl}&comp=${comp}`, { method: 'PUT', body });
    if (!put.ok) throw new Error(`the upload was answered ${put.status}`);
  }
  await call('FinalizeArtifact', { name, size: String(bytes.length) });
}

/** @returns {Promise<readonly string[]>} the names of all artifacts of the run */
export async function list() {
  const { artifacts = [] } = await call('ListArtifacts', {});
  return artifacts.map((artifact) => artifact.name);
}

export async function download(name, folder) {
  const { signedUrl } = await call('GetSignedArtifactURL', { name });
  const answer = await fetch(signedUrl);
  if (!answer.ok) throw new Error(`the download was answered ${answer.status}`);
  const archive = join(mkdtempSync(join(tmpdir(), 'artifact-')), 'content.zip');
  writeFileSync(archive, Buffer.from(await answer.arrayBuffer()));
  execFileSync('python3', ['-m', 'zipfile', '-e', archive, folder]);
}

/** A pattern with `*` and nothing else, as an expression for a whole name. */
export function matcher(pattern) {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (name) => whole.test(name);
}

export const input = (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? '';

/** Fails the step, as core.setFailed does. */
export function fail(message) {
  process.stdout.write(`::error::${message}\n`);
  process.exit(1);
}
