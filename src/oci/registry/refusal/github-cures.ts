import type { Credentials } from '../login/credentials.js';
import type { Cure, Situation } from './situation.js';

/** GitHub's registry: of github.com, of an enterprise on ghe.com, or that of the server which the job runs on. */
export function isGitHub({ host, onGitHub = false }: Situation): boolean {
  return onGitHub || host === 'ghcr.io' || /^containers\.[a-z0-9-]+\.ghe\.com$/.test(host);
}

/** The permission that a job lacks. A run that publishes needs the one to write for reading too. */
export function permission({ readOnly }: Situation): string {
  return `give the job the permission "packages: ${readOnly ? 'read' : 'write'}" (under "permissions:" in the workflow)`;
}

/** How a package is opened to a repository that it does not belong to. */
export function connection({ readOnly }: Situation): string {
  return `open the settings of the package on GitHub, "Manage Actions access", and add this repository with the role ${readOnly ? 'Read' : 'Write'}`;
}

/** GitHub's registry knows no such tokens, whatever words it has for that. */
export function isFineGrained(credentials: Credentials): boolean {
  return credentials.kind === 'basic' && credentials.password.startsWith('github_pat_');
}

export function otherToken(situation: Situation): string {
  return `GitHub's registry takes no fine-grained personal access tokens: ${jobsToken(situation)}`;
}

function jobsToken({ readOnly }: Situation): string {
  return `use the GITHUB_TOKEN of the job, or a classic personal access token with the scope ${readOnly ? 'read' : 'write'}:packages`;
}

/**
 * What GitHub's registry says when a right is missing, and the cure of each. The messages are the only thing that tells
 * these cases apart: the code is DENIED for all of them.
 */
export const GITHUB_MESSAGES: readonly (readonly [RegExp, Cure])[] = [
  [
    /installation not allowed to write organization package/i,
    (_, situation) =>
      `${permission(situation)}; a pull request from a fork gets a token that only reads, whatever the workflow says: publish from a push or a release instead`,
  ],
  [
    /installation not allowed to create organization package/i,
    (_, situation) =>
      `${permission(situation)}; if it has it, let an owner allow new packages of this visibility in the settings of the organization (Packages, Package creation), or push the package once with an owner's classic token`,
  ],
  [
    /permission_denied: (?:write|read)_package/i,
    (_, situation) =>
      `${permission(situation)}; if it has it, the package belongs to another repository or to none: ${connection(situation)}`,
  ],
  [/does not match expected scopes/i, (_, situation) => jobsToken(situation)],
  [
    /requested installation does not exist/i,
    () => 'the app behind this token is gone, as after moving the repository: use the GITHUB_TOKEN of the job',
  ],
  [
    /user cannot be authenticated with the token provided/i,
    () => 'the token has expired, was revoked or is empty: make a new one, or use the GITHUB_TOKEN of the job',
  ],
  [/^insufficient_scope/i, (_, situation) => permission(situation)],
];
