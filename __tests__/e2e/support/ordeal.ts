import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureText } from '../../../src/core/failure.js';
import { PATIENCE } from '../../../src/oci/registry/transport/retry.js';
import { failuresOf } from '../../../src/publish/report/report.js';
import { publishRun } from '../../../src/run/publish-run.js';
import { sdistFile, wheelFile } from '../../support/builders.js';
import { inputs, testFace } from '../../support/face.js';
import { JumpingClock } from '../../support/jumping-clock.js';
import { audit } from './audit.js';
import { ChaosProxy } from './chaos.js';
import { runCommand } from './command.js';
import { Elsewhere } from './elsewhere.js';
import { diceOf, type Fault, scheduleOf } from './fault.js';
import { digestOf, Reader } from './reader.js';
import { startTokenDistribution, type TokenRegistry } from './registries.js';

/** What became of one run through one schedule. */
export interface Verdict {
  readonly seed: number;
  readonly outcome: 'success' | 'clear failure' | 'hang';
  /** What is wrong about it: nothing should be. */
  readonly wrong: readonly string[];
  /** Milliseconds: as they passed, and as the run saw them pass. */
  readonly real: number;
  readonly seen: number;
  /** The faults that it met, by request. */
  readonly met: readonly string[];
  readonly said: string;
}

/** A run that is over. */
interface Ended {
  readonly failures: readonly string[];
  readonly log: string;
  readonly seen: number;
}

/** Silences that a test can wait for. Everything else is as it is shipped. */
const PATIENT = { ...PATIENCE, silence: 500, silenceAfterBlob: 500, longestAnswer: 3_000 };
/** Milliseconds after which a run is taken to hang: many times what the longest ones need. */
const HANGING = { inside: 60_000, command: 240_000 };
/** Milliseconds that a run may take by its own clock: the waiting budget of its requests, and the bound of the merge. */
const LONGEST = 40 * 60_000;

/** A real registry with token sign-in behind chaos, and runs that must get through it or fail as they should. */
export class Ordeal {
  readonly #registry: TokenRegistry;
  readonly #elsewhere: Elsewhere;
  readonly #proxy: ChaosProxy;
  readonly #reader: Reader;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-ordeal-'));
  /** By architecture: the path, and the digest of the file. */
  readonly #files = new Map<string, { readonly path: string; readonly digest: string }>();

  private constructor(registry: TokenRegistry) {
    this.#registry = registry;
    this.#elsewhere = new Elsewhere();
    this.#proxy = new ChaosProxy({
      registry: registry.host,
      realm: registry.tokens.realm,
      elsewhere: this.#elsewhere,
    });
    this.#reader = new Reader(registry);
  }

  static async open(): Promise<Ordeal> {
    const ordeal = new Ordeal(await startTokenDistribution());
    await ordeal.#elsewhere.start();
    await ordeal.#proxy.start();
    await ordeal.#build();
    return ordeal;
  }

  async close(): Promise<void> {
    await this.#proxy.stop();
    await this.#elsewhere.stop();
    await this.#registry.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Requests that redirects carried away in the last run. */
  get strayed(): number {
    return this.#elsewhere.got.length;
  }

  /** Our own code in this process, on a clock on which waiting takes no time. */
  run(seed: number): Promise<Verdict> {
    return this.#suffer(seed, `inside-${seed}`, HANGING.inside, scheduleOf(seed), (namespace) =>
      this.#inside(namespace, seed),
    );
  }

  /** The shipped command in a process of its own, which really waits; so nothing stalls for longer than a test can. */
  runShipped(seed: number): Promise<Verdict> {
    const fits = (fault: Fault): boolean => fault.kind !== 'stall' && fault.kind !== 'trickle';
    const schedule = scheduleOf(seed, fits);
    return this.#suffer(seed, `command-${seed}`, HANGING.command, schedule, (namespace) => this.#shipped(namespace));
  }

  async #suffer(
    seed: number,
    name: string,
    hanging: number,
    schedule: ReturnType<typeof scheduleOf>,
    work: (namespace: string) => Promise<Ended>,
  ): Promise<Verdict> {
    const namespace = `owner/${name}`;
    const repository = `${namespace}/foo`;
    const standing = diceOf(seed + 7)() < 0.5 ? await this.#publishAnother(repository) : undefined;
    this.#proxy.begin(schedule);
    this.#elsewhere.got.length = 0;
    const began = performance.now();
    const ended = await within(hanging, work(namespace));
    const real = performance.now() - began;
    const met = this.#proxy.suffered.flatMap(({ method, url, fault }, at) =>
      fault ? [`${at + 1} ${method} ${url.split('?')[0]}: ${fault}`] : [],
    );
    if (!ended) return { seed, outcome: 'hang', wrong: ['it did not end'], real, seen: 0, met, said: '' };
    const wrong = [...(await this.#judge(repository, standing, ended)), ...this.#leaks(ended)];
    this.#proxy.begin(() => undefined);
    const again = await within(hanging, this.#inside(namespace, seed));
    if (!again || again.failures.length) wrong.push(`the next run fails: ${again?.failures}`);
    else wrong.push(...(await this.#judge(repository, standing, again)).map((problem) => `next run: ${problem}`));
    const outcome = ended.failures.length ? 'clear failure' : 'success';
    return { seed, outcome, wrong, real, seen: ended.seen, met, said: ended.failures.join('\n') };
  }

  async #inside(namespace: string, seed: number): Promise<Ended> {
    const { username, password } = this.#registry.credentials;
    const clock = new JumpingClock();
    const face = testFace([...this.#files.values()].map(({ path }) => path));
    const began = clock.now();
    const given = inputs({
      registry: this.#proxy.host,
      namespace,
      username,
      password,
      coordination: diceOf(seed + 11)() < 0.5 ? 'settle' : 'off',
    });
    const { report } = await publishRun(given, { ...face, clock, random: diceOf(seed), patience: PATIENT });
    const failures = failuresOf(report).map(failureText);
    return { failures, log: [...face.log.lines, ...failures].join('\n'), seen: clock.now() - began };
  }

  async #shipped(namespace: string): Promise<Ended> {
    const { username, password } = this.#registry.credentials;
    const options = ['--registry', this.#proxy.host, '--namespace', namespace, '--username', username];
    const began = performance.now();
    const { code, stdout, stderr } = await runCommand(
      [...options, '--password-stdin', '--coordination', 'off', ...[...this.#files.values()].map(({ path }) => path)],
      password,
      { RUNNER_DEBUG: '1' },
    );
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
    const failures = code === 0 ? [] : errors.map((line) => line.slice('error: '.length));
    if (code !== 0 && code !== 1) failures.push(`it ended with ${code}`);
    return { failures, log: stdout + stderr, seen: performance.now() - began };
  }

  async #judge(repository: string, standing: string | undefined, { failures, seen }: Ended): Promise<string[]> {
    const { files, problems } = await audit(this.#reader, repository);
    const wrong = [...problems];
    const expected = [...this.#files].map(([architecture, { digest }]) => ({ architecture, digest }));
    const listed = expected.filter(({ architecture, digest }) => files.get(architecture) === digest);
    if (failures.length === 0 && listed.length < expected.length) wrong.push('it succeeded, and not all is listed');
    if (listed.length > 0 && listed.length < expected.length) wrong.push('it is listed by half');
    if (standing !== undefined && files.get('cp39-none-any.whl') !== standing)
      wrong.push('what had stood there is gone');
    if (failures.length > 1) wrong.push(`it gave ${failures.length} messages`);
    for (const failure of failures) if (!isClear(failure)) wrong.push(`its message is not clear: ${failure}`);
    if (seen > LONGEST) wrong.push(`it took ${Math.round(seen / 60_000)} minutes`);
    return wrong;
  }

  /** Credentials are for the registry and its token service, and secrets are for no log. */
  #leaks({ log }: Ended): string[] {
    const { tokens, credentials } = this.#registry;
    const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    const issued = new Set(tokens.issued);
    const strange = this.#proxy.suffered.filter(({ url, authorization = '' }) =>
      url.startsWith('/token') ? authorization !== `Basic ${basic}` : !isBearer(authorization, issued),
    );
    const secrets = [credentials.password, basic, ...issued];
    const holds = (text: string): boolean => secrets.some((secret) => text.includes(secret));
    return [
      ...strange.map(({ method, url }) => `${method} ${url} carried a credential that is not for it`),
      ...this.#elsewhere.got
        .filter((stray) => stray.headers.authorization ?? stray.headers.cookie)
        .map(() => 'strayed'),
      ...(holds(JSON.stringify(this.#elsewhere.got)) ? ['a secret went elsewhere'] : []),
      ...(holds(log) ? ['the log shows a secret'] : []),
    ];
  }

  /** A version that holds a file already, pushed by plain requests. Resolves to the digest of that file. */
  async #publishAnother(repository: string): Promise<string> {
    const artifactType = 'application/pyoci.package.v1';
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...(await this.#push(repository, '{}')) };
    const layer = { mediaType: artifactType, ...(await this.#push(repository, `another file of ${repository}`)) };
    const image = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = { schemaVersion: 2, mediaType: image, artifactType, config, layers: [layer] };
    const text = JSON.stringify(manifest);
    const digest = digestOf(Buffer.from(text));
    await this.#reader.pushManifest(repository, digest, image, text);
    const index = 'application/vnd.oci.image.index.v1+json';
    const platform = { architecture: 'cp39-none-any.whl', os: 'any' };
    const annotations = { 'com.pyoci.sha256_digest': layer.digest.slice('sha256:'.length) };
    const entry = { mediaType: image, digest, size: text.length, platform, annotations };
    const document = { schemaVersion: 2, mediaType: index, artifactType, manifests: [entry] };
    await this.#reader.pushManifest(repository, '1.0', index, document);
    return layer.digest;
  }

  #push(repository: string, text: string) {
    return this.#reader.pushBlob(repository, Buffer.from(text));
  }

  /** One file for each way in which a blob is put: with the POST, mounted or sent, and asked for first. */
  async #build(): Promise<void> {
    const module = (size: number) => ({ 'foo/data.bin': randomBytes(size) });
    const paths = [
      ['cp310-none-any.whl', await wheelFile(this.#folder, { tag: 'cp310-none-any' })],
      ['cp311-none-any.whl', await wheelFile(this.#folder, { tag: 'cp311-none-any', files: module(200_000) })],
      ['.tar.gz', await sdistFile(this.#folder, { files: module(4_500_000) })],
    ] as const;
    for (const [architecture, path] of paths) {
      this.#files.set(architecture, { path, digest: digestOf(readFileSync(path)) });
    }
  }
}

/** Says what could not be done, in words, and not too many. */
function isClear(failure: string): boolean {
  return /Cannot /.test(failure) && failure.length < 1_500 && !/undefined|\[object|NaN| at .*\.[jt]s:\d/.test(failure);
}

function isBearer(authorization: string, issued: ReadonlySet<string>): boolean {
  return authorization === '' || issued.has(authorization.replace(/^Bearer /, ''));
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
