/** Where a path leads. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints */
export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'token' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'tags'; readonly repository: string }
  | { readonly kind: 'referrers'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'uploads'; readonly repository: string }
  | { readonly kind: 'upload'; readonly repository: string; readonly id: string }
  | { readonly kind: 'blob'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly reference: string };

export type RepositoryRoute = Exclude<Route, { kind: 'base' | 'token' | 'catalog' }>;

const NAME = '([a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*)';
const DIGEST = '(sha256:[0-9a-f]{64})';
const TAG = '([a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})';

const PATTERNS: readonly (readonly [RegExp, (repository: string, last: string) => Route])[] = [
  [/^\/v2\/$/, () => ({ kind: 'base' })],
  [/^\/token$/, () => ({ kind: 'token' })],
  [/^\/v2\/_catalog$/, () => ({ kind: 'catalog' })],
  [route('/tags/list'), (repository) => ({ kind: 'tags', repository })],
  [route(`/referrers/${DIGEST}`), (repository, digest) => ({ kind: 'referrers', repository, digest })],
  [route('/blobs/uploads/'), (repository) => ({ kind: 'uploads', repository })],
  [route('/blobs/uploads/([0-9a-f-]{36})'), (repository, id) => ({ kind: 'upload', repository, id })],
  [route(`/blobs/${DIGEST}`), (repository, digest) => ({ kind: 'blob', repository, digest })],
  [route(`/manifests/(?:${DIGEST}|${TAG})`), (repository, reference) => ({ kind: 'manifest', repository, reference })],
];

export function routeOf(path: string): Route | undefined {
  for (const [pattern, make] of PATTERNS) {
    const found = pattern.exec(path);
    if (found) return make(found[1] ?? '', found[2] ?? found[3] ?? '');
  }
  return undefined;
}

function route(rest: string): RegExp {
  return new RegExp(`^/v2/${NAME}${rest}$`);
}
