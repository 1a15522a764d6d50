import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresOf } from '../../src/publish/report/report.js';
import { publishRun } from '../../src/run/publish-run.js';
import { wheelFile } from '../support/builders.js';
import { inputs, testFace } from '../support/face.js';
import type { Answer } from '../support/registry/exchange.js';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../support/registry.js';

/** However many versions and projects one run has, a registry and its token service see few requests at one time. */
const MANY = 48;
/** Small requests, and uploads with those that come next. */
const MOST_CONNECTIONS = 16 + 2 * 4;

let folder: string;
let versions: readonly string[];
let projects: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crowds-'));
  const numbers = Array.from({ length: MANY }, (_, at) => at);
  versions = await Promise.all(numbers.map((at) => wheelFile(folder, { version: `1.${at}` })));
  projects = await Promise.all(numbers.map((at) => wheelFile(folder, { name: `project-${at}` })));
});
afterAll(() => rm(folder, { recursive: true }));

let registry: TestRegistry;
afterEach(() => registry.stop());

async function publish(paths: readonly string[], options: Partial<RegistryOptions>, wrong?: string, refusing?: Answer) {
  registry = await startRegistry({ auth: 'bearer', ...options });
  if (refusing) registry.refuse('GET', /^\/token/, refusing);
  const { credentials, host } = registry;
  if (credentials.kind !== 'basic') throw new Error('the registry asks for no password');
  const { username, password } = credentials;
  const login = { username, password: wrong ?? password };
  const given = inputs({ registry: host, namespace: 'owner', coordination: 'off', concurrency: '4', ...login });
  return publishRun(given, testFace(paths));
}
const refusals = (): number => registry.requests.filter(({ status }) => status === 401).length;

it.each([
  ['versions of one project', () => versions],
  ['projects', () => projects],
])(`${MANY} %s are published over few connections`, async (_, paths) => {
  const { report } = await publish(paths(), {});
  expect(failuresOf(report)).toEqual([]);
  expect(registry.mostConnections).toBeGreaterThan(1);
  expect(registry.mostConnections).toBeLessThanOrEqual(MOST_CONNECTIONS);
});

it(`${MANY} projects, each with a token of its own, are never signed in for all at once`, async () => {
  const { report } = await publish(projects, {});
  expect(failuresOf(report)).toEqual([]);
  expect(registry.requests.filter(({ path }) => path === '/token')).toHaveLength(MANY);
  expect(registry.mostSignIns).toBeLessThanOrEqual(4);
});

it.each(['bearer', 'basic'] as const)(
  `a wrong password is shown a few times, not for each of ${MANY}: %s`,
  async (auth) => {
    const { report } = await publish(projects, { auth }, 'wrong');
    expect(failuresOf(report)).toHaveLength(MANY);
    // One is the question how to sign in.
    expect(refusals()).toBeLessThanOrEqual(1 + 3);
    for (const { message } of failuresOf(report)) expect(message).toMatch(/was answered 401/);
  },
);

it('a password that the token service refuses with 403 is shown a few times too', async () => {
  const denied = { status: 403, body: { errors: [{ code: 'DENIED', message: 'denied' }] } };
  const { report } = await publish(projects, {}, 'wrong', denied);
  expect(failuresOf(report)).toHaveLength(MANY);
  expect(registry.requests.filter(({ path }) => path === '/token')).toHaveLength(3);
});

it('a password that only writing needs is not tried again for every blob', async () => {
  await publish(projects, { auth: 'basic', anonymousPull: true }, 'wrong');
  expect(refusals()).toBeLessThanOrEqual(1 + 3);
});
