import type { Credentials } from './credentials.js';
import { loginCommand } from './docker-host.js';
import type { Refusal } from './errors.js';

/** What a refusal has to be seen against. */
export interface Situation {
  readonly credentials: Credentials;
  /** Host and port of the registry. */
  readonly host: string;
  /** The credentials were good enough for a token: what is missing is a right. */
  readonly signedIn: boolean;
  /** Nothing is to be written, so that no right to write is missing. */
  readonly readOnly: boolean;
}

type Cure = (refusal: Refusal, situation: Situation) => string;

const PERMISSION = 'give the job the permission "packages: write" (under "permissions:" in the workflow)';
const READ_PERMISSION = PERMISSION.replace('write', 'read');
const CONNECT =
  'open the settings of the package on GitHub, "Manage Actions access", and add this repository with the role Write';

/**
 * What GitHub's registry says when a right is missing, and the cure of each. The messages are the only thing that tells
 * these cases apart: the code is DENIED for all of them.
 */
const GITHUB_MESSAGES: readonly (readonly [RegExp, Cure])[] = [
  [
    /installation not allowed to write organization package/i,
    () =>
      `${PERMISSION}; a pull request from a fork gets a token that only reads, whatever the workflow says: publish from a push or a release instead`,
  ],
  [
    /installation not allowed to create organization package/i,
    () =>
      `${PERMISSION}; if it has it, let an owner allow new packages of this visibility in the settings of the organization (Packages, Package creation), or push the package once with an owner's classic token`,
  ],
  [
    /permission_denied: write_package/i,
    () => `${PERMISSION}; if it has it, the package belongs to another repository or to none: ${CONNECT}`,
  ],
  [
    /does not match expected scopes/i,
    () => 'use the GITHUB_TOKEN of the job, or a classic personal access token with the scope write:packages',
  ],
  [
    /requested installation does not exist/i,
    () => 'the app behind this token is gone, as after moving the repository: use the GITHUB_TOKEN of the job',
  ],
  [
    /user cannot be authenticated with the token provided/i,
    () => 'the token has expired, was revoked or is empty: make a new one, or use the GITHUB_TOKEN of the job',
  ],
  [/^denied$/i, (_, situation) => refusedLogin(situation)],
  [/^invalid token$/i, (_, situation) => refusedLogin(situation)],
  [
    /^insufficient_scope/i,
    (refusal, situation) => (isGitHub(situation.host) ? PERMISSION : notAllowed(refusal, situation)),
  ],
];

/** What Go's server and nginx say in plain text. */
const PLAIN_ON_TLS = /HTTP request (?:was sent )?to (?:an )?HTTPS/i;

/** Amazon's registry: `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
const ECR = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

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
  403: (refusal, situation) => (refusal.credentialsRefused ? refusedLogin(situation) : notAllowed(refusal, situation)),
  404: (_, { host }) => `check that ${host} is a registry, and the namespace in it`,
  405: (_, { host }) => `${host} does not offer this: check that it is a registry for OCI artifacts`,
  407: () => 'the proxy wants a user and a password: http://user:password@host:port in http_proxy or https_proxy',
  412: (_, { host }) => `an immutable tag can look like this: see the rules for tags at ${host}`,
  413: (_, { host }) =>
    `the file is larger than ${host}, or a proxy in front of it, takes: raise that limit (client_max_body_size of nginx)`,
  429: waitAndRepeat,
};

/** What to type or click after this refusal; `undefined` if the registry's own words are all there is to say. */
export function hintFor(refusal: Refusal, situation: Situation): string | undefined {
  const { status, complaints } = refusal;
  const { credentials, host } = situation;
  const denied = status === 401 || status === 403;
  if (denied && isGitHub(host) && isFineGrained(credentials)) {
    return "GitHub's registry takes no fine-grained personal access tokens: use the GITHUB_TOKEN of the job, or a classic token with the scope write:packages";
  }
  if (PLAIN_ON_TLS.test(said(refusal))) return `write https://${host} as the registry`;
  const byMessage = GITHUB_MESSAGES.find(
    ([pattern]) => denied && complaints.some(({ message }) => pattern.test(message)),
  );
  const byCode = complaints.map(({ code }) => (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined)).find(Boolean);
  const cure =
    byMessage?.[1] ?? byCode ?? (/upper.?case|lower.?case/i.test(said(refusal)) ? BY_CODE.NAME_INVALID : undefined);
  if (cure) return cure(refusal, situation);
  if (status >= 300 && status < 400) return `write the address to which ${host} redirects as the registry`;
  if (status >= 500)
    return 'the registry has trouble of its own: run again later, which continues where this run stopped';
  return BY_STATUS[status]?.(refusal, situation);
}

function unknownRepository(refusal: Refusal, { host, readOnly }: Situation): string {
  if (readOnly) return 'check the spelling of the repository, and that these credentials may read it';
  const region = ECR.exec(host)?.[1];
  if (region === undefined) {
    return `check the namespace; some registries want the repository to be made before the first push: make it at ${host}`;
  }
  const name = /repository with name '([a-z0-9._/-]+)'/i.exec(said(refusal))?.[1] ?? 'NAMESPACE/NAME';
  return `Amazon ECR wants each repository to be made before the first push: aws ecr create-repository --region ${region} --repository-name ${name} (or let a repository creation template make it on push)`;
}

function refusedLogin({ credentials, host, readOnly }: Situation): string {
  if (credentials.kind === 'anonymous') {
    const job = isGitHub(host) ? `; in a job the github-token does it: ${readOnly ? READ_PERMISSION : PERMISSION}` : '';
    return `give a username and a password, or sign in with: ${loginCommand(host)}${job}`;
  }
  return `${host} does not accept the credentials from ${credentials.source}: check that they are current and for this registry`;
}

function notAllowed({ step }: Refusal, situation: Situation): string {
  const { credentials, host, readOnly } = situation;
  if (credentials.kind === 'anonymous') return refusedLogin(situation);
  return `the credentials from ${credentials.source} are known to ${host} but may not ${step}: ${
    isGitHub(host)
      ? `${readOnly ? READ_PERMISSION : PERMISSION}, or ${readOnly ? CONNECT.replace('Write', 'Read') : CONNECT}`
      : `give them the right to ${readOnly ? 'read' : 'push'} there`
  }`;
}

function waitAndRepeat({ retryAfter }: Refusal): string {
  const wait = retryAfter === undefined ? 'a few minutes' : `${Math.ceil(retryAfter / 1000)} s`;
  return `too many requests: wait ${wait}, then run again, which continues where this run stopped; a lower concurrency helps too`;
}

/** GitHub's registry, there and on GitHub Enterprise (`containers.HOST`, `containers.NAME.ghe.com`). */
function isGitHub(host: string): boolean {
  return host === 'ghcr.io' || /^containers\./.test(host);
}

function isFineGrained(credentials: Credentials): boolean {
  return credentials.kind === 'basic' && credentials.password.startsWith('github_pat_');
}

function said({ complaints }: Refusal): string {
  return complaints.map(({ message }) => message).join(' ');
}
