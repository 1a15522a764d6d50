import { UserError } from '../../../core/errors.js';
import type { Clock } from '../../../core/ports.js';
import type { Credentials } from '../login/credentials.js';
import type { Refusals } from '../refusal/refusals.js';
import type { Repeater } from '../repeater.js';
import type { Wire } from '../transport/wire.js';
import { checkOwnHost } from './realm.js';
import type { Scopes } from './scope.js';
import { parseToken, type Token, type TokenService, tokenRequest } from './token.js';

export interface TokenExchange {
  /** Origin of the registry that the token is for. */
  readonly registry: URL;
  readonly wire: Wire;
  readonly repeater: Repeater;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const LONGEST_TOKEN = 1024 * 1024;

/**
 * Asks a token service for a token, again after failures that may pass. Redirects are followed on its own origin only.
 * @throws RegistryError if it refuses, UserError if it may not have these credentials or answers without a token
 */
export async function exchangeForToken(
  at: TokenService,
  scopes: Scopes,
  credentials: Credentials,
  { registry, wire, repeater, refusals, clock, signal }: TokenExchange,
): Promise<Token> {
  const step = `sign in to ${registry.host}`;
  if (credentials.kind === 'basic' && credentials.ownHostOnly) checkOwnHost(at.realm, registry);
  return repeater.run(async () => {
    const askedAt = clock.now();
    const request = tokenRequest(at, scopes, credentials);
    const answer = await wire.send({ ...request, step, redirects: 'own', signal });
    if (answer.status !== 200) {
      throw await refusals.of({ step, method: request.method, credentials, signingIn: true }, answer);
    }
    const body = await answer.read(LONGEST_TOKEN);
    const token = parseToken(body, askedAt);
    if (token) return token;
    const page = await refusals.ofPage({ step, method: request.method, credentials }, answer, body);
    throw page ?? new UserError(`Cannot ${step}: the answer of ${at.realm.host} holds no token`);
  }, signal);
}
