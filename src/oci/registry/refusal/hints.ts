import { loginCommand } from '../login/docker-host.js';
import { amazonRegion } from '../origins/cloud-hosts.js';
import { deletionCure } from './deletion-cures.js';
import type { Refusal } from './errors.js';
import { connection, GITHUB_MESSAGES, isFineGrained, isGitHub, otherToken, permission } from './github-cures.js';
import { cureByReason, mediaTypeCure } from './known-reasons.js';
import { allSaid } from './reasons.js';
import { type Cure, isReading, type Situation } from './situation.js';

export type { Situation } from './situation.js';

/** What Go's server and nginx say in plain text. */
const PLAIN_ON_TLS = /HTTP request (?:was sent )?to (?:an )?HTTPS/i;
/** All that some registries say to credentials that they do not know. */
const NO_LOGIN = /^(?:denied|invalid token)$/i;

const BY_CODE: Readonly<Record<string, Cure>> = {
  NAME_INVALID: () =>
    'check the namespace: lower-case letters and digits, with single . _ or - between them, / between its parts',
  NAME_UNKNOWN: unknownRepository,
  TOOMANYREQUESTS: waitAndRepeat,
  DIGEST_INVALID: () =>
    'the bytes that arrived are not those that were checked: make sure that nothing writes into the folder meanwhile, then run again',
};

const BY_STATUS: Readonly<Record<number, Cure>> = {
  401: (refusal, situation) => (situation.signedIn ? notAllowed(refusal, situation) : refusedLogin(situation)),
  402: (_, { host }) => `settle the billing of the account at ${host}, then run again`,
  403: (refusal, situation) => (refusal.credentialsRefused ? refusedLogin(situation) : notAllowed(refusal, situation)),
  404: (_, { host }) => `check that ${host} is a registry, and the namespace in it`,
  405: (_, { host }) => `${host} does not offer this: check that it is a registry for OCI artifacts`,
  407: () => 'the proxy wants a user and a password: http://user:password@host:port in http_proxy or https_proxy',
  412: (_, { host }) => `an immutable tag can look like this: see the rules for tags at ${host}`,
  413: (_, { host }) =>
    `the file is larger than ${host}, or a proxy in front of it, takes: raise that limit (client_max_body_size of nginx)`,
  415: (refusal, { host }) => mediaTypeCure(host, allSaid(refusal.reasons)),
  429: waitAndRepeat,
  507: (_, { host }) => `make room at ${host}, or ask whoever runs it to, then run again`,
  511: () => 'this network wants a sign-in in a browser first: open any page there, or use another network',
};

/** Statuses with which a firewall or a web filter sends its page. */
const FILTERED = [400, 403, 405, 406, 451];

/** Statuses of registries that delete nothing, or not in this way. */
const UNOFFERED = [400, 405, 501];

/** What to type or click after this refusal; `undefined` if the registry's own words are all there is to say. */
export function hintFor(refusal: Refusal, situation: Situation): string | undefined {
  const { status, reasons, page = false } = refusal;
  const { credentials, host } = situation;
  const denied = status === 401 || status === 403;
  const github = denied && isGitHub(situation);
  if (github && isFineGrained(credentials)) return otherToken(situation);
  const said = allSaid(reasons);
  if (PLAIN_ON_TLS.test(said)) return `write https://${host} as the registry`;
  if (status < 300) return page ? strangePage(host) : undefined;
  const known = github ? GITHUB_MESSAGES : [];
  const byMessage = known.find(([pattern]) => reasons.some(({ message }) => pattern.test(message)))?.[1];
  const byCode = reasons.map(({ code }) => (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined)).find(Boolean);
  if (byMessage) return byMessage(refusal, situation);
  if (byCode === waitAndRepeat) return waitAndRepeat(refusal);
  if (refusal.method === 'DELETE' && UNOFFERED.includes(status)) return deletionCure(host);
  const byReason = cureByReason(refusal, situation);
  if (byReason !== undefined) return byReason;
  if (denied && reasons.some(({ message }) => NO_LOGIN.test(message))) return refusedLogin(situation);
  const cure = byCode ?? (/upper.?case|lower.?case/i.test(said) ? BY_CODE.NAME_INVALID : undefined);
  if (cure) return cure(refusal, situation);
  if (status < 400) return movedTo(refusal, situation);
  if (page && FILTERED.includes(status)) return filtered(situation);
  if (status >= 500 && !(status in BY_STATUS)) {
    return `the registry${page ? ', or a proxy in front of it,' : ''} has trouble of its own: run again later, which continues where this run stopped`;
  }
  return BY_STATUS[status]?.(refusal, situation);
}

function unknownRepository(refusal: Refusal, { host, readOnly }: Situation): string {
  if (readOnly) return 'check the spelling of the repository, and that these credentials may read it';
  const region = amazonRegion(host);
  if (region === undefined) {
    return `check the namespace; some registries want the repository to be made before the first push: make it at ${host}`;
  }
  const name = /repository with name '([a-z0-9._/-]+)'/i.exec(allSaid(refusal.reasons))?.[1] ?? 'NAMESPACE/NAME';
  return `Amazon ECR wants each repository to be made before the first push: aws ecr create-repository --region ${region} --repository-name ${name} (or let a repository creation template make it on push)`;
}

function refusedLogin(situation: Situation): string {
  const { credentials, host } = situation;
  if (credentials.kind === 'anonymous') {
    const job = isGitHub(situation) ? `; in a job the github-token does it: ${permission(situation)}` : '';
    return `give a username and a password, or sign in with: ${loginCommand(host)}${job}`;
  }
  return `${host} does not accept the credentials from ${credentials.source}: check that they are current and for this registry`;
}

function notAllowed(refusal: Refusal, situation: Situation): string {
  const { credentials, host } = situation;
  // A token service that refuses has not looked at rights yet.
  if (credentials.kind === 'anonymous' || refusal.signingIn) return refusedLogin(situation);
  return `the credentials from ${credentials.source} are known to ${host} but may not ${refusal.step}: ${
    isGitHub(situation)
      ? `${permission(situation)}, or ${connection(situation)}`
      : `give them the right to ${refusal.method === 'DELETE' ? 'delete' : isReading(refusal, situation) ? 'read' : 'push'} there`
  }`;
}

function waitAndRepeat({ retryAfter }: Refusal): string {
  const wait = retryAfter === undefined ? 'a few minutes' : `${Math.ceil(retryAfter / 1000)} s`;
  return `too many requests: wait ${wait}, then run again, which continues where this run stopped; a lower concurrency helps too`;
}

/** Of a redirect that is not followed, as with a body that would be lost. */
function movedTo({ location }: Refusal, { host }: Situation): string {
  if (location === undefined) return `write the address to which ${host} redirects as the registry`;
  if (location === `https://${host}`) return `${host} redirects to TLS: write ${location} as the registry`;
  return `${host} redirects to ${location}: write that as the registry if it has moved there; if it is a page to sign in, something in front of ${host} wants a browser: ask those who run it to let requests to ${host}/v2/ through`;
}

function strangePage(host: string): string {
  return `this page is not from a registry: check that ${host} is the registry and not a web site; if it is a page to sign in, sign in to that network or proxy first, or ask those who run it to let requests to ${host}/v2/ through`;
}

function filtered({ credentials, host }: Situation): string {
  const rights =
    credentials.kind === 'anonymous'
      ? ''
      : `; if it is from ${host} itself, check what the credentials from ${credentials.source} may do there`;
  return `this page is probably from a firewall, a web filter or a proxy in front of the registry: ask those who run it to let requests from this machine to ${host}/v2/ through${rights}`;
}
