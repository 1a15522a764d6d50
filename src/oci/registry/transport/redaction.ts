/** Parameters whose values tell what was asked for. All others may be signatures or states of the registry. */
const SHOWN = new Set(['digest', 'mount', 'from', 'n', 'last', 'artifactType', 'service', 'scope']);

/** A URL as it may be shown: no user info, no fragment, values of unknown query parameters left out. */
export function redacted(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) =>
    SHOWN.has(name) ? `${name}=${value}` : `${encodeURIComponent(name)}=***`,
  );
  return `${url.origin}${url.pathname}${query.length ? `?${query.join('&')}` : ''}`;
}
