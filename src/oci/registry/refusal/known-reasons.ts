import { isIP } from 'node:net';
import { azureName } from '../origins/cloud-hosts.js';
import type { Refusal } from './errors.js';
import { isGitHub } from './github-cures.js';
import { immutableTagCure } from './immutable-tag.js';
import { allSaid } from './reasons.js';
import { isReading, type Situation } from './situation.js';

interface KnownReason {
  readonly words: RegExp;
  /** Words that make it another case. */
  readonly unless?: RegExp;
  /** A request that writes is refused for it, and no other. */
  readonly writing?: boolean;
  readonly cure: (refusal: Refusal, situation: Situation, said: string) => string;
}

/**
 * Reasons that no permission cures, by the words that registries have for them. The codes do not tell them from a missing
 * right: most are DENIED. The first that fits counts. Each pattern takes time in proportion to the text.
 */
const REASONS: readonly KnownReason[] = [
  {
    words:
      /(?:unknown|unsupported|unrecogni[sz]ed|invalid|unexpected|disallowed|forbidden)[^.;{}]{0,40}\b(?:media|mime|artifact|config)[- ]?types?\b|\b(?:media|mime|artifact)[- ]?types?\b[^;{}]{0,120}\b(?:not (?:\w+ )?(?:supported|allowed|known|accepted|permitted|recogni[sz]ed)|unknown|unsupported|disallowed)|unknown manifest class/i,
    writing: true,
    cure: (_, { host }, said) => mediaTypeCure(host, said),
  },
  {
    words:
      /\bimmutab|cannot be overwritten|\btag\b[^.;]{0,160}\b(?:already exists|already pushed)|tag_?already_?exists|delete\/overwrite|overwrite (?:all )?artifact|does not allow updating assets|redeploy is not allowed|operation is disallowed on this registry/i,
    writing: true,
    cure: immutableTagCure,
  },
  {
    words:
      /\bIP(?:v[46])?[ -](?:address(?:es)?[ -])?(?:allow|deny|block|white|black)[ -]?list|\b(?:allow|white)[ -]?list(?:ed)?\b|client with IP\b|\bIP(?: address(?:es)?)?\b[^.;]{0,80}\b(?:not (?:permitted|allowed|authori[sz]ed)|blocked|denied|restricted|banned)|\bfirewall|\bnetwork (?:access )?(?:rule|polic(?:y|ies)|perimeter)|VPC Service Controls|\bgeo-?(?:ip )?block|public network access|private endpoint/i,
    cure: (_, situation, said) => addressCure(situation, said),
  },
  {
    words: /\bSAML\b|\bsingle sign-?on\b|\bSSO\b/i,
    cure: (_, situation) =>
      isGitHub(situation)
        ? 'authorize the token for the organization: on GitHub, Settings, Developer settings, Personal access tokens, "Configure SSO" beside it; in a workflow use the GITHUB_TOKEN of the job'
        : `sign in at ${situation.host} by single sign-on, authorize this token for it or make a new one there`,
  },
  {
    words: /\barchived\b/i,
    cure: (_, situation) =>
      isGitHub(situation)
        ? 'unarchive the repository (its Settings, Danger Zone), or choose another namespace'
        : `ask its owner to unarchive it at ${situation.host}, or choose another namespace`,
  },
  {
    words:
      /\bread[- ]?only\b|\bmaintenance\b|\bwrit(?:e|es|ing)(?: operations)? (?:is|are) (?:\w+ )?(?:suspended|disabled|prohibited|not allowed)|modification is prohibited/i,
    // A token that may only read is a missing right.
    unless:
      /\b(?:tokens?|keys?|credentials?|permissions?|scopes?|roles?|users?|accounts?)\b[^.;]{0,60}\bread[- ]?only|read[- ]?only (?:\w+ )?(?:tokens?|keys?|credentials?|permissions?|access|scopes?|roles?|users?|accounts?)/i,
    cure: (refusal, situation) =>
      `${situation.host}${isReading(refusal, situation) ? ' serves nobody' : ', or this repository in it, accepts no changes'} now: run again later, which continues where this run stopped; if it lasts, ask whoever runs it`,
  },
  {
    words:
      /\bquota|\bbilling\b|\bspending limit|\bpayment|\bunpaid\b|\bno space left|\bdisk (?:is )?full|\binsufficient storage|\b(?:storage|space|usage|plan|upper|repositor(?:y|ies)|images?|packages?|tags?)\b[^.;]{0,60}\blimit|\blimit\b[^.;]{0,60}\b(?:exceeded|reached|storage|plan)|\bexceed\w*\b[^.;]{0,80}\b(?:storage|limit|plan|allowance)/i,
    unless: /\brate\b|too many requests|toomanyrequests|throttl|larger than|too large|maximum (?:allowed )?size/i,
    cure: (_, situation) =>
      `free space at ${situation.host} (delete old versions), have the limit raised, or settle the billing of the account${isGitHub(situation) ? ' (on GitHub: Settings, Billing and licensing)' : ''}, then run again`,
  },
  {
    words:
      /\bsuspended\b|\bdelinquent\b|\bterms of service\b|\b(?:account|user|organi[sz]ation|namespace|project|subscription|registry|repository|tenant)\b[^.;]{0,60}\b(?:is|are|was|been) (?:\w+ )?(?:disabled|deactivated|locked|blocked|flagged|terminated|closed|banned)\b/i,
    cure: (_, { host }) =>
      `the account or namespace is closed at ${host}, and running again does not change that: its owner has to ask the support of ${host}`,
  },
];

/** The cure for the reason that a registry gave in words; `undefined` if it gave none that is known. */
export function cureByReason(refusal: Refusal, situation: Situation): string | undefined {
  // Limits of requests pass by themselves, and those of a single file have a cure of their own.
  if (refusal.status === 429 || refusal.status === 413) return undefined;
  const said = allSaid(refusal.reasons);
  const reasons = withoutNames(said, refusal.url, situation.host);
  const reading = isReading(refusal, situation);
  const reason = REASONS.find(
    ({ words, unless, writing = false }) => !(writing && reading) && words.test(reasons) && !unless?.test(reasons),
  );
  return reason?.cure(refusal, situation, said);
}

/** Registries repeat what was asked for, and a package may be called `payment-quota`; a link is no reason either. */
function withoutNames(said: string, url: string, host: string): string {
  const [, path = ''] = /\/v2\/([a-z0-9._/-]+)\/(?:manifests|blobs|tags|referrers)\//.exec(url) ?? [];
  const [, scope = ''] = /scope=repository:([a-z0-9._/-]+):/.exec(url) ?? [];
  const repository = path || scope;
  return [host, repository, ...repository.split('/')]
    .filter(Boolean)
    .map((name) => name.replaceAll('.', '\\.').replace(/[[\]]/g, '\\$&'))
    .reduce(
      (left, name) => left.replace(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'gi'), '…'),
      said.replace(/https?:\/\/\S{1,400}/gi, '…'),
    );
}

/** What GitLab and Quay call the setting that lets other artifacts in; the words are those of GitLab's registry. */
export function mediaTypeCure(host: string, said: string): string {
  const refused = `${host} takes only media types that it knows, and those of PyOCI are not among them: publish to another registry`;
  if (/\bquay\b/i.test(host)) {
    return `${refused}, or let the administrator set IGNORE_UNKNOWN_MEDIATYPES or ALLOWED_OCI_ARTIFACT_TYPES of Quay`;
  }
  return /\bgitlab\b/i.test(host) || /unknown media type/i.test(said)
    ? `${refused}; if this is a GitLab of your own, its administrator can set REGISTRY_FF_DYNAMIC_MEDIA_TYPES=true for its registry (GitLab 17.1 or newer)`
    : refused;
}

function addressCure(situation: Situation, said: string): string {
  const { host } = situation;
  const elsewhere = 'or run this on a machine whose address is allowed';
  if (isGitHub(situation)) {
    return `ask an owner of the organization to add the address of this machine to its IP allow list (Settings, Authentication security), ${elsewhere}`;
  }
  const azure = azureName(host);
  if (azure !== undefined) {
    const told = /client with IP '([0-9a-f.:]{3,45})'/i.exec(said)?.[1] ?? '';
    return `let this address in: az acr network-rule add --name ${azure} --ip-address ${isIP(told) ? told : 'ADDRESS'}, ${elsewhere}`;
  }
  return `ask whoever runs ${host} to allow the address of this machine, ${elsewhere}`;
}
