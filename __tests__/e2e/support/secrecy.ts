import type { Recorder } from './recorder.js';
import type { Credentials, TokenRegistry } from './registries.js';
import { GITHUB_TOKEN, type StepResult } from './runner.js';

/** Every secret of a run, in each form in which it is sent. */
export function secretsOf({ username, password }: Credentials, issued: readonly string[] = []): readonly string[] {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const token = Buffer.from(GITHUB_TOKEN).toString('base64');
  return [password, basic, GITHUB_TOKEN, token, ...issued];
}

/**
 * Nothing that a step leaves behind holds a secret. Harder than a runner's own view: secrets must not be printed even
 * where a mask would cover them.
 */
export function expectSilence(result: StepResult, secrets: readonly string[]): void {
  const left = {
    log: result.unmasked,
    summary: result.summary,
    outputs: JSON.stringify(result.outputs),
    files: JSON.stringify(result.files),
    exported: result.exported,
  };
  for (const [where, text] of Object.entries(left)) {
    expect({ where, leaks: secrets.filter((secret) => text.includes(secret)).length }).toEqual({ where, leaks: 0 });
  }
}

/** The password went to the token service, its tokens to the registry, and the job's own token nowhere. */
export function expectCredentialsAtHome(recorder: Recorder, { tokens, credentials }: TokenRegistry): void {
  const bearers = new Set(tokens.issued.map((token) => `Bearer ${token}`));
  const strange = recorder.requests.filter(
    ({ authorization }) => authorization !== undefined && !bearers.has(authorization),
  );
  expect(strange).toEqual([]);
  const { username, password } = credentials;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  expect(new Set(tokens.requests.map(({ authorization }) => authorization))).toEqual(new Set([basic]));
  const carried = [...recorder.requests.map(({ query }) => query), ...tokens.requests.map(({ url }) => url)];
  expect(carried.filter((text) => text.includes(password) || text.includes(GITHUB_TOKEN))).toEqual([]);
}
