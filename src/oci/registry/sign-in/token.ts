import { memoryBytes } from '../../../core/bytes.js';
import { isObject } from '../../descriptor.js';
import type { Credentials } from '../login/credentials.js';
import type { Body } from '../transport/exchange.js';
import { type Scopes, scopeTexts } from './scope.js';

export interface TokenService {
  readonly realm: URL;
  readonly service: string | undefined;
}

export interface TokenRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly body: Body | undefined;
}

export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch from which on another one should be asked for. */
  readonly renewAt: number;
}

/** As the token specification has it for answers that do not say. */
const DEFAULT_LIFETIME = 60;
/** Seconds before the end at which a token is not used for a new request. */
const MARGIN = 5;

/** `user:password` for a Basic header. */
export function basicValue(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/**
 * Asks for a token: by GET with Basic credentials, which every token service takes, or by the OAuth2 POST where all we
 * have is a refresh token.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
export function tokenRequest(at: TokenService, scopes: Scopes, credentials: Credentials): TokenRequest {
  const texts = scopeTexts(scopes);
  if (credentials.kind === 'identity-token') {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'pyoci-publish' });
    if (at.service !== undefined) form.set('service', at.service);
    if (texts.length) form.set('scope', texts.join(' '));
    form.set('refresh_token', credentials.token);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const body = memoryBytes(Buffer.from(form.toString()));
    return { method: 'POST', url: at.realm, headers, authorization: undefined, body };
  }
  const url = new URL(at.realm);
  if (at.service !== undefined) url.searchParams.set('service', at.service);
  for (const text of texts) url.searchParams.append('scope', text);
  const authorization =
    credentials.kind === 'basic' ? `Basic ${basicValue(credentials.username, credentials.password)}` : undefined;
  return { method: 'GET', url, headers: { accept: 'application/json' }, authorization, body: undefined };
}

/**
 * The token in the answer of a token service, which registries call `token` or `access_token`.
 * @param askedAt milliseconds since the epoch; our own clock counts, theirs may be wrong
 * @returns `undefined` if there is none that fits into a header
 */
export function parseToken(body: Buffer, askedAt: number): Token | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(answer)) return undefined;
  const value = [answer.token, answer.access_token].find((text) => typeof text === 'string' && /^[!-~]+$/.test(text));
  if (typeof value !== 'string') return undefined;
  // Some write the number as text. Anything else is not turned into one: an object can fail to be.
  const { expires_in } = answer;
  const told = typeof expires_in === 'string' ? Number(expires_in) : expires_in;
  const lifetime = typeof told === 'number' && Number.isFinite(told) && told > 0 ? told : DEFAULT_LIFETIME;
  return { value, renewAt: askedAt + Math.max(lifetime - MARGIN, lifetime / 2) * 1000 };
}
