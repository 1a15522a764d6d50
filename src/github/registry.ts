import { UserError } from '../core/errors.js';
import { isObject } from '../oci/descriptor.js';
import { parseRegistry, type RegistryOrigin } from '../oci/registry/login/registry-host.js';
import { type GitHubJob, isGitHubDotCom } from './job.js';

const GHCR: RegistryOrigin = { host: 'ghcr.io', scheme: 'https' };
const SILENCE_MS = 20_000;

/** What the API needs to be asked. */
export interface GitHubCaller {
  readonly token: string | undefined;
  readonly userAgent: string;
}

/**
 * GitHub's own container registry of the server the job runs on: `ghcr.io` on github.com and outside of any job; other
 * instances (ghe.com, GHES) are asked for theirs.
 * @throws UserError if the instance does not tell
 */
export async function githubRegistry(job: GitHubJob | undefined, caller: GitHubCaller): Promise<RegistryOrigin> {
  if (!job || isGitHubDotCom(job)) return GHCR;
  const address = `${job.apiUrl}/packages/container-registry-url`;
  try {
    return registryOf(await ask(address, caller));
  } catch (cause) {
    throw new UserError(`Cannot find the container registry of ${job.serverUrl}: ${address} gave no usable answer`, {
      cause,
      hint: 'name the registry with the input `registry`, as in containers.example.com',
    });
  }
}

/**
 * Whether a registry that was named is the server's own by its name alone, which asks nobody: `ghcr.io` on github.com,
 * `containers.HOST` elsewhere. Servers that only look like GitHub's, as Gitea and Forgejo do, have none of that name.
 * @see https://docs.github.com/en/enterprise-server/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
export function isNamedAsOwn(job: GitHubJob, { host }: RegistryOrigin): boolean {
  if (isGitHubDotCom(job)) return host === GHCR.host;
  return URL.canParse(job.serverUrl) && host === `containers.${new URL(job.serverUrl).host}`;
}

/** One request, without redirects: the token is for this API and for nobody it may point to. */
async function ask(address: string, { token, userAgent }: GitHubCaller): Promise<unknown> {
  const { HttpClient } = await import('@actions/http-client');
  const client = new HttpClient(userAgent, [], { allowRedirects: false, socketTimeout: SILENCE_MS });
  try {
    const response = await client.getJson<unknown>(address, token ? { authorization: `Bearer ${token}` } : {});
    if (response.statusCode !== 200) throw new UserError(`it answered ${response.statusCode}`);
    return response.result;
  } finally {
    client.dispose();
  }
}

/** The answer is `{"url": "https://containers.example.com"}`. */
function registryOf(answer: unknown): RegistryOrigin {
  if (!isObject(answer) || typeof answer.url !== 'string') throw new UserError('it named no url');
  return parseRegistry(answer.url);
}
