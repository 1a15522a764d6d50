import type { PublishedVersion } from './outcome.js';

/** What fits into a command line and a TOML string as it is. Names and versions of distributions do. */
const PLAIN_NAME = /^[a-z0-9-]+$/;
const PLAIN_VERSION = /^[A-Za-z0-9.+_]+$/;
const PLAIN_URL = /^[A-Za-z0-9:/._%[\]~-]+$/;

/** Commands that install what was published. No credentials in them. */
export interface InstallLines {
  readonly pip: string;
  /** For pyproject.toml; the index is explicit, so that uv takes nothing else from it. */
  readonly uvProject: string;
  readonly uv: string;
  /** Names of the variables in which uv looks for the credentials of this index. */
  readonly uvVariables: readonly [username: string, password: string];
}

/** `undefined` if there is nothing to install, or something in it would have to be quoted. */
export function installLines(
  indexUrl: string,
  namespace: string,
  versions: readonly PublishedVersion[],
): InstallLines | undefined {
  const plain = versions.filter(({ name, version }) => PLAIN_NAME.test(name) && PLAIN_VERSION.test(version));
  if (!plain.length || !PLAIN_URL.test(indexUrl)) return undefined;
  const index = namespace.replace(/[^a-z0-9]+/g, '-') || 'pyoci';
  const variable = `UV_INDEX_${index.toUpperCase().replaceAll('-', '_')}`;
  const latest = [...new Map(plain.map((version) => [version.name, version])).values()];
  const wanted = latest.map(({ name, version }) => `"${name}==${version}"`).join(' ');
  return {
    pip: `pip install --no-deps --index-url ${indexUrl} ${wanted}`,
    uvProject: [
      '[[tool.uv.index]]',
      `name = "${index}"`,
      `url = "${indexUrl}"`,
      'explicit = true',
      '',
      '[tool.uv.sources]',
      ...latest.map(({ name }) => `${name} = { index = "${index}" }`),
    ].join('\n'),
    uv: `uv add ${wanted}`,
    uvVariables: [`${variable}_USERNAME`, `${variable}_PASSWORD`],
  };
}
