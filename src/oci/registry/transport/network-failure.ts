import { codeOf } from '../../../core/error-code.js';
import { isWellKnown } from '../origins/cloud-hosts.js';
import { sameOrigin } from '../origins/origin.js';
import { strayHint } from '../origins/public-address.js';
import { credentialsCure, gatewayCure, passCure } from '../proxies/proxy-cures.js';
import { ProxyFailure } from '../proxies/tunnel.js';
import { TooSlowError } from './answer-body.js';
import { isTemporary } from './retry.js';
import { UnansweredError } from './unanswered.js';

/** The other side said nothing for as long as we wait. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** Where a request went, and how. */
export interface Where {
  readonly url: URL;
  /** Origin of the registry, which may have sent us elsewhere. */
  readonly registry?: URL | undefined;
  /** Host and port of the proxy on the way. */
  readonly proxy?: string | undefined;
}

interface Diagnosis {
  readonly state: string;
  readonly hint: string | undefined;
  readonly temporary: boolean;
}

/**
 * An error of the network in words, with the cure if there is one.
 * @param step what was being done
 * @param url where
 */
export function unanswered(error: unknown, step: string, url: URL, where: Omit<Where, 'url'> = {}): UnansweredError {
  const { registry, proxy } = where;
  const code = codeOf(error);
  const { state, hint, temporary } = diagnose(error, code, url, proxy);
  const sentBy = registry && !sameOrigin(registry, url) ? registry : undefined;
  const elsewhere = sentBy && !(error instanceof ProxyFailure) ? sentElsewhere(sentBy, url, code) : undefined;
  return new UnansweredError(`Cannot ${step}: ${state}`, { cause: error, hint: elsewhere ?? hint, temporary, code });
}

/** What is said of the address of the registry is of no use for one that the registry named. */
function sentElsewhere(from: URL, to: URL, code: string | undefined): string | undefined {
  const stray = strayHint(from, to);
  if (stray !== undefined) return stray;
  if (code === undefined || UNTRUSTED.test(code)) return undefined;
  return `${from.host} sends us there: let this machine reach ${to.origin}, or ask whoever runs ${from.host}`;
}

function diagnose(error: unknown, code: string | undefined, url: URL, proxy: string | undefined): Diagnosis {
  const { host, hostname, protocol } = url;
  if (error instanceof ProxyFailure) return proxyDiagnosis(error, host, 'https_proxy');
  if (proxy !== undefined && protocol === 'http:' && isConnectFailure(error, code)) {
    const failure = new ProxyFailure(new URL(`http://${proxy}`), undefined, { cause: error });
    return proxyDiagnosis(failure, host, 'http_proxy');
  }
  const through = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  if (error instanceof SilenceError) {
    const hint = 'run again; what was uploaded is not sent twice';
    return { state: `${host} kept silent${through}`, hint, temporary: true };
  }
  if (error instanceof TooSlowError) {
    return { state: `${host} does not come to the end of its answer${through}`, hint: 'run again', temporary: true };
  }
  if (code === undefined) {
    return { state: `the connection to ${host}${through} failed`, hint: undefined, temporary: false };
  }
  if (UNTRUSTED.test(code)) {
    return { state: `the certificate of ${host} is not trusted (${code})`, hint: OWN_AUTHORITY, temporary: false };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' || code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      state: `the certificate of ${host} is not valid (${code})`,
      hint: 'check the name of the registry and the clock of this machine; the certificate can only be renewed by whoever runs the registry',
      temporary: false,
    };
  }
  if (code === 'ENOTFOUND' || UNREACHED.test(code)) return unreached(code, hostname);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const plain = /wrong.version.number|packet.length.too.long/i.test(`${code} ${error}`);
    return {
      state: `${host} does not speak TLS as we do (${code})`,
      hint: plain ? `for a registry without TLS, write http://${host} as the registry` : undefined,
      temporary: false,
    };
  }
  if (code.startsWith('HPE_')) {
    return {
      state: `${host} does not answer in HTTP (${code})`,
      hint: protocol === 'http:' ? `for a registry with TLS, write https://${host} as the registry` : undefined,
      temporary: false,
    };
  }
  if (code === 'ECONNREFUSED') {
    return { state: `${host} takes no connections`, hint: 'check that the registry is running', temporary: true };
  }
  // Node's own reasons are about what we asked for, and stay.
  const temporary = !code.startsWith('ERR_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
  return { state: `the connection to ${host}${through} broke (${code})`, hint: undefined, temporary };
}

const UNTRUSTED = /^(?:UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/;
const OWN_AUTHORITY =
  'if the registry, or a proxy on the way, uses an authority of your own, put the path of its certificate (PEM) into the environment variable NODE_EXTRA_CA_CERTS of the job or of the runner: Node reads it when it starts';
/** Nothing was found out about the other side: the way there is closed, or the name server does not answer. */
const UNREACHED =
  /^(?:EAI_AGAIN|EAI_FAIL|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT|EACCES|EPERM)$/;
/** What Node's TCP and name look-up say before anything was sent. */
const BEFORE_CONNECTING = /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|ETIMEDOUT)$/;

function isConnectFailure(error: unknown, code: string | undefined): boolean {
  const call = typeof error === 'object' && error !== null && 'syscall' in error ? error.syscall : undefined;
  if (call === 'connect' || call === 'getaddrinfo') return true;
  // Of several addresses that were tried Node gives all errors in one, without the call.
  return error instanceof AggregateError && code !== undefined && BEFORE_CONNECTING.test(code);
}

function unreached(code: string, hostname: string): Diagnosis {
  const online = 'check that this machine is online';
  const temporary = code !== 'ENOTFOUND';
  const surely = isWellKnown(hostname);
  if (code === 'ENOTFOUND' && !surely) {
    const hint = `check the spelling of the registry; if it is right, ${online} and that its DNS knows the name (a VPN may be needed)`;
    return { state: `there is no host ${hostname} for this machine (${code})`, hint, temporary };
  }
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
    const state = `this machine cannot look up ${hostname} (${code}): it seems to be offline, or its DNS fails`;
    return { state, hint: `${online} and that its DNS works, then run again`, temporary };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = `let the firewall or sandbox of this machine allow connections to ${hostname}`;
    return { state: `this machine forbids the connection to ${hostname} (${code})`, hint, temporary };
  }
  if (code === 'ETIMEDOUT') {
    const hint = `${online} and that no firewall keeps it from ${hostname}, then run again`;
    return { state: `${hostname} cannot be reached (${code})`, hint, temporary };
  }
  const state = `this machine has no way to ${hostname} (${code})${surely ? ': it seems to be offline' : ''}`;
  return {
    state,
    hint: `${online} and can reach ${hostname} (over a VPN or a proxy, if need be), then run again`,
    temporary,
  };
}

function proxyDiagnosis(error: ProxyFailure, host: string, variable: string): Diagnosis {
  const { proxy, status } = error;
  if (status === 407) {
    return {
      state: `the proxy ${proxy} wants a user and a password`,
      hint: credentialsCure(proxy, variable),
      temporary: false,
    };
  }
  if (status !== undefined) {
    return {
      state: `the proxy ${proxy} answered ${status} when asked for ${host}`,
      hint: status >= 500 ? gatewayCure(proxy, host) : passCure(proxy, host),
      temporary: isTemporary(status),
    };
  }
  const code = codeOf(error.cause);
  const why = code === undefined ? '' : ` (${code})`;
  if (code !== undefined && UNTRUSTED.test(code)) {
    return {
      state: `the certificate of the proxy ${proxy} is not trusted${why}`,
      hint: OWN_AUTHORITY,
      temporary: false,
    };
  }
  return {
    state: `the proxy ${proxy} cannot be reached${why}`,
    hint: `check the environment variable ${variable} (or ${variable.toUpperCase()}) and that the proxy is running, or unset the variable`,
    temporary: code !== 'ENOTFOUND',
  };
}
