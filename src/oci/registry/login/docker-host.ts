/** How Docker names a registry in its config file: bare, or as the URL it once spoke to. User info makes it another name. */
const KEY = /^(?:https?:\/\/)?((?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]+)?)(?:\/(?:v[12]\/?)?)?$/i;

/** Docker Hub's names for itself. */
const HUB: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** Whether an entry of the Docker config file is for exactly this host and port, in a form that Docker itself writes. */
export function isKeyOf(key: string, host: string): boolean {
  const named = KEY.exec(key)?.[1]?.toLowerCase();
  return named !== undefined && (named === host.toLowerCase() || (isHub(named) && isHub(host.toLowerCase())));
}

/** How podman limits an entry to a repository, or to all below a path. Docker writes no such entries. */
const PATH_KEY = /^([^/]+)\/([a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)$/;

/**
 * The path in exactly this registry that an entry is limited to: `owner/demo` of `quay.io/owner/demo`. `undefined` if it is
 * for all of the registry, or for another one.
 */
export function pathOfKey(key: string, host: string): string | undefined {
  if (isKeyOf(key, host)) return undefined;
  const [, registry = '', path] = PATH_KEY.exec(key) ?? [];
  return isKeyOf(registry, host) ? path : undefined;
}

/** Whether a repository, or a path, lies at `path` or below it. */
export function isWithin(repository: string, path: string): boolean {
  return repository === path || repository.startsWith(`${path}/`);
}

/** What a credential helper knows the registry by: `docker login` stored it under this. */
export function helperKeyOf(host: string): string {
  return isHub(host.toLowerCase()) ? 'https://index.docker.io/v1/' : host;
}

/** Where Docker Hub's registry answers; its other names lead to web pages. */
const HUB_REGISTRY = 'registry-1.docker.io';

/** The host that speaks for a registry which is known by other names too: Docker Hub. */
export function answeringHost(host: string): string {
  return isHub(host.toLowerCase()) ? HUB_REGISTRY : host;
}

/** What to type to sign in: Docker Hub's entry is the one without a name. */
export function loginCommand(host: string): string {
  return isHub(host.toLowerCase()) ? 'docker login' : `docker login ${host}`;
}

function isHub(host: string): boolean {
  return HUB.includes(host);
}
