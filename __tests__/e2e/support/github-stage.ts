import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackagesService } from '../../support/packages-service.js';
import { GitHubRegistry } from './github-registry.js';
import { Recorder } from './recorder.js';
import { type Registry, startBasicDistribution, startTokenDistribution, type TokenRegistry } from './registries.js';
import { GITHUB_TOKEN } from './runner.js';

const ELSEWHERE = { username: 'oauth2accesstoken', password: 'p4ssword-for-elsewhere' };

/**
 * What jobs find around them: a GitHub with its container registry and its packages API, a registry of somebody else with
 * the Docker token protocol, and one that knows Basic sign-in only. Behind the first two is one and the same registry.
 */
export class GitHubStage {
  readonly registry: TokenRegistry;
  /** GitHub's registry; takes the job's token. */
  readonly github: GitHubRegistry;
  /** The somebody else's; takes `elsewhere` as credentials. */
  readonly foreign: Recorder;
  readonly basic: Registry;
  readonly elsewhere = ELSEWHERE;
  readonly #packages = new PackagesService({ runStart: 0 });
  readonly #folders: string[] = [];

  private constructor(registry: TokenRegistry, basic: Registry) {
    this.registry = registry;
    this.basic = basic;
    this.github = new GitHubRegistry(registry);
    this.foreign = new Recorder(registry.host);
  }

  static async open(): Promise<GitHubStage> {
    const may = () => ['pull', 'push'];
    const users = { octocat: { password: GITHUB_TOKEN, may }, [ELSEWHERE.username]: { ...ELSEWHERE, may } };
    const stage = new GitHubStage(await startTokenDistribution(users), await startBasicDistribution());
    await Promise.all([stage.github.start(), stage.foreign.start(), stage.#packages.start()]);
    stage.#packages.registry = `http://${stage.github.host}`;
    stage.github.pushed = ({ repository, reference, digest }) => {
      stage.#packages.pushed(repository, digest, reference.startsWith('sha256:') ? undefined : reference);
    };
    return stage;
  }

  async close(): Promise<void> {
    await Promise.all([this.github.stop(), this.foreign.stop(), this.#packages.stop()]);
    await Promise.all([this.registry.stop(), this.basic.stop()]);
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  /** What tells a job which GitHub it runs on. */
  get env(): Readonly<Record<string, string>> {
    return { GITHUB_SERVER_URL: 'http://127.0.0.1:1', GITHUB_API_URL: this.#packages.url };
  }

  /** What a step that signs in to a registry leaves to those after it. */
  signIn(host: string, { username, password } = ELSEWHERE): Readonly<Record<string, string>> {
    const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-docker-'));
    this.#folders.push(folder);
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    return { DOCKER_CONFIG: folder };
  }
}
