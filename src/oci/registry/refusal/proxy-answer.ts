import { credentialsCure, gatewayCure, passCure } from '../proxies/proxy-cures.js';
import type { Answer } from '../transport/wire.js';
import { allSaid, type Reason } from './reasons.js';

/** Statuses with which a proxy says that it did not reach, or does not let pass to, the host that it was asked for. */
const GATEWAY = [502, 503, 504];
const FORBIDDEN = [403, 405, 451, 511];

/**
 * Whether an answer comes from the proxy that was asked for the registry, which is possible without TLS only: inside of
 * a tunnel nobody but the registry answers.
 * @returns `by`: who answered, for the error; and what to do about it
 */
export function proxyAnswer(
  { status, headers, url, proxy }: Answer,
  reasons: readonly Reason[],
): { readonly by: string; readonly hint: string } | undefined {
  if (proxy === undefined || url.protocol !== 'http:') return undefined;
  if (status === 407) {
    return { by: `by the proxy ${proxy}`, hint: credentialsCure(proxy, 'http_proxy') };
  }
  const ofRegistry =
    headers['docker-distribution-api-version'] !== undefined || reasons.some(({ code }) => code !== '');
  const signed = headers['x-squid-error'] !== undefined || headers['proxy-status'] !== undefined;
  if (ofRegistry && !signed) return undefined;
  const by = `${signed ? 'by' : 'through'} the proxy ${proxy}`;
  if (GATEWAY.includes(status)) return { by, hint: gatewayCure(proxy, url.host) };
  if (FORBIDDEN.includes(status) && (signed || allSaid(reasons) !== '')) return { by, hint: passCure(proxy, url.host) };
  return undefined;
}
