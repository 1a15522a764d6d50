import { byText } from '../../../core/order.js';

/**
 * What a token is asked for: actions by resource (`repository:owner/demo`), in the order in which they were demanded,
 * because some registries read only the first. Scopes of another shape (`*`) stand for themselves.
 * @see https://distribution.github.io/distribution/spec/auth/scope/
 */
export type Scopes = ReadonlyMap<string, ReadonlySet<string>>;

/** The value of a challenge: scopes divided by blanks; none if there is nothing in it, as zot has it. */
export function parseScopes(text: string | undefined): Scopes {
  const scopes = new Map<string, Set<string>>();
  for (const scope of (text ?? '').split(/\s+/).filter(Boolean)) {
    const end = scope.lastIndexOf(':');
    const whole = end <= scope.indexOf(':');
    const resource = whole ? scope : scope.slice(0, end);
    const actions = scopes.get(resource) ?? new Set();
    for (const action of whole ? [] : scope.slice(end + 1).split(',')) actions.add(action);
    scopes.set(resource, actions);
  }
  return scopes;
}

/** Both, without repetition; those of `first` lead. */
export function mergeScopes(first: Scopes, second: Scopes): Scopes {
  const merged = new Map([...first].map(([resource, actions]) => [resource, new Set(actions)]));
  for (const [resource, actions] of second) {
    merged.set(resource, new Set([...(merged.get(resource) ?? []), ...actions]));
  }
  return merged;
}

/** As they go into a request, one text each, actions sorted, so that equal sets read the same. */
export function scopeTexts(scopes: Scopes): readonly string[] {
  return [...scopes].map(([resource, actions]) =>
    [resource, [...actions].sort(byText).join(',')].filter(Boolean).join(':'),
  );
}
