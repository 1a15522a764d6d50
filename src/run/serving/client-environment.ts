/** The variables that lead installers to the index. Pure. */
import type { Env } from '../../core/ports.js';

/** Clients that can be led there by variables. `names`: those whose project files name the index. */
export const CLIENTS = ['pip', 'pdm', 'pipenv', 'names', 'uv'] as const;
export type ClientName = (typeof CLIENTS)[number];

/** uv only when asked: its variable would change every project of the environment, and their lock files. */
export const USUAL_CLIENTS: readonly ClientName[] = ['pip', 'pdm', 'pipenv', 'names'];

/** What the index is called in project files, and so in the names of variables. */
export const INDEX_NAME = 'pyoci';
/** The index asks for a password and takes any name. */
export const INDEX_USER = 'pyoci';

const PROXIES = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
const LOCAL = ['127.0.0.1', 'localhost'];

export interface IndexAddress {
  /** With user and password, if there is one. */
  readonly indexUrl: string;
  readonly password: string | undefined;
}

/** @param env the environment that clients have already */
export function clientEnvironment(
  { indexUrl, password }: IndexAddress,
  clients: readonly ClientName[],
  env: Env,
): Readonly<Record<string, string>> {
  const upper = INDEX_NAME.toUpperCase();
  const variables: Readonly<Record<ClientName, Readonly<Record<string, string>>>> = {
    // The second takes the place of lists in configuration files, from which pip would take any version.
    pip: { PIP_INDEX_URL: indexUrl, PIP_EXTRA_INDEX_URL: indexUrl },
    pdm: { PDM_PYPI_URL: indexUrl },
    pipenv: { PIPENV_PYPI_MIRROR: indexUrl },
    names:
      password === undefined
        ? {}
        : {
            [`UV_INDEX_${upper}_USERNAME`]: INDEX_USER,
            [`UV_INDEX_${upper}_PASSWORD`]: password,
            [`POETRY_HTTP_BASIC_${upper}_USERNAME`]: INDEX_USER,
            [`POETRY_HTTP_BASIC_${upper}_PASSWORD`]: password,
          },
    uv: { UV_DEFAULT_INDEX: indexUrl },
  };
  return Object.assign({}, ...clients.map((client) => variables[client]), aroundProxies(env));
}

/** The variables that make tools upload to the index. Nothing where uploads are not switched on. */
export function uploadEnvironment({
  indexUrl,
  uploadUrl,
  password,
}: IndexAddress & { readonly uploadUrl: string | undefined }): Readonly<Record<string, string>> {
  if (uploadUrl === undefined || password === undefined) return {};
  const upper = INDEX_NAME.toUpperCase();
  return {
    TWINE_REPOSITORY_URL: uploadUrl,
    TWINE_USERNAME: INDEX_USER,
    TWINE_PASSWORD: password,
    UV_PUBLISH_URL: uploadUrl,
    UV_PUBLISH_CHECK_URL: indexUrl,
    UV_PUBLISH_USERNAME: INDEX_USER,
    UV_PUBLISH_PASSWORD: password,
    [`POETRY_REPOSITORIES_${upper}_URL`]: uploadUrl,
    [`POETRY_HTTP_BASIC_${upper}_USERNAME`]: INDEX_USER,
    [`POETRY_HTTP_BASIC_${upper}_PASSWORD`]: password,
    FLIT_INDEX_URL: uploadUrl,
    FLIT_USERNAME: INDEX_USER,
    FLIT_PASSWORD: password,
    HATCH_INDEX_REPO: uploadUrl,
    HATCH_INDEX_USER: INDEX_USER,
    HATCH_INDEX_AUTH: password,
    MATURIN_REPOSITORY_URL: uploadUrl,
    MATURIN_USERNAME: INDEX_USER,
    MATURIN_PASSWORD: password,
    PDM_PUBLISH_REPO: uploadUrl,
    PDM_PUBLISH_USERNAME: INDEX_USER,
    PDM_PUBLISH_PASSWORD: password,
  };
}

/** Clients would ask a proxy for loopback. Alone the variable would switch off proxies that the system has set. */
function aroundProxies(env: Env): Readonly<Record<string, string>> {
  if (!PROXIES.some((name) => env[name])) return {};
  const hosts = [env.no_proxy, env.NO_PROXY].flatMap((list) => (list ?? '').split(',')).map((host) => host.trim());
  const all = [...new Set([...hosts.filter((host) => host !== ''), ...LOCAL])].join(',');
  return { no_proxy: all, NO_PROXY: all };
}
