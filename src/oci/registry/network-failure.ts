import { codeOf } from '../../core/error-code.js';
import { TooSlowError } from './answer-body.js';
import { UnansweredError } from './errors.js';
import { isTemporary } from './retry.js';
import { ProxyFailure } from './tunnel.js';

/** The other side said nothing for as long as we wait. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
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
export function unanswered(error: unknown, step: string, url: URL): UnansweredError {
  const code = codeOf(error);
  const { state, hint, temporary } = diagnose(error, code, url);
  return new UnansweredError(`Cannot ${step}: ${state}`, { cause: error, hint, temporary, code });
}

function diagnose(error: unknown, code: string | undefined, { host, hostname, protocol }: URL): Diagnosis {
  if (error instanceof ProxyFailure) return proxyDiagnosis(error, host);
  if (error instanceof SilenceError) {
    return { state: `${host} kept silent`, hint: 'run again; what was uploaded is not sent twice', temporary: true };
  }
  if (error instanceof TooSlowError) {
    return { state: `${host} does not come to the end of its answer`, hint: 'run again', temporary: true };
  }
  if (code === undefined) return { state: `the connection to ${host} failed`, hint: undefined, temporary: false };
  if (UNTRUSTED.test(code)) {
    return {
      state: `the certificate of ${host} is not trusted (${code})`,
      hint: 'if the registry, or a proxy on the way, uses an authority of your own, put the path of its certificate (PEM) into the environment variable NODE_EXTRA_CA_CERTS of the job or of the runner: Node reads it when it starts',
      temporary: false,
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' || code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      state: `the certificate of ${host} is not valid (${code})`,
      hint: 'check the name of the registry and the clock of this machine; the certificate can only be renewed by whoever runs the registry',
      temporary: false,
    };
  }
  if (code === 'ENOTFOUND') {
    return { state: `there is no host ${hostname}`, hint: 'check the spelling of the registry', temporary: false };
  }
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
  // Node's own complaints are about what we asked for, and stay.
  const temporary = !code.startsWith('ERR_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
  return { state: `the connection to ${host} broke (${code})`, hint: undefined, temporary };
}

const UNTRUSTED = /^(?:UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/;

function proxyDiagnosis(error: ProxyFailure, host: string): Diagnosis {
  const { proxy, status } = error;
  const variables = 'the environment variable https_proxy';
  if (status === 407) {
    return {
      state: `the proxy ${proxy} wants a user and a password`,
      hint: `write them into ${variables}: http://user:password@${proxy}`,
      temporary: false,
    };
  }
  if (status !== undefined) {
    return {
      state: `the proxy ${proxy} answered ${status} when asked for ${host}`,
      hint: `let the proxy pass ${host}, or list the host in no_proxy`,
      temporary: isTemporary(status),
    };
  }
  return { state: `the proxy ${proxy} cannot be reached`, hint: `check ${variables}, or unset it`, temporary: true };
}
