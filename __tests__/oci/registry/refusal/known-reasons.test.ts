import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import type { Refusal } from '../../../../src/oci/registry/refusal/errors.js';
import { hintFor, type Situation } from '../../../../src/oci/registry/refusal/hints.js';

const credentials: Credentials = { kind: 'basic', username: 'robin', password: 'x', source: 'username and password' };

function hint(status: number, message: string, change: Partial<Situation & Refusal> = {}): string | undefined {
  const { host = 'registry.example', readOnly = false, onGitHub = false, ...refusal } = change;
  const url = `https://${host}/v2/owner/demo/manifests/1.0`;
  const reasons = [{ code: 'DENIED', message, detail: '' }];
  return hintFor(
    { step: 'write owner/demo:1.0', method: 'PUT', url, status, reasons, retryAfter: undefined, ...refusal },
    { host, credentials, onGitHub, signedIn: true, readOnly },
  );
}

const ADDRESS = /address of this machine/;
const SPACE = /free space at registry\.example.*billing/;
const CLOSED = /closed at registry\.example/;
const FROZEN = /accepts no changes now: run again later/;
const KINDS = /takes only media types that it knows/;
const IMMUTABLE = /immutable tag cannot be written again.*one run.*raise the version/;

describe('a reason that no permission cures', () => {
  it.each([
    // Said by GitHub, Azure, Google and others about addresses.
    [403, 'the `acme` organization has an IP allow list enabled, and your IP address is not permitted', ADDRESS],
    [403, "client with IP '172.214.169.102' is not allowed access. Refer https://aka.ms/acr/firewall", ADDRESS],
    [403, 'Request is prohibited by organization policy: VPC Service Controls', ADDRESS],
    [403, 'blocked by the firewall of this registry', ADDRESS],
    [403, 'Your IP has been blocked', ADDRESS],
    [403, 'Public network access is disabled, use the private endpoint', ADDRESS],
    [403, 'The region from which you are pulling has been geo-ip blocked.', ADDRESS],
    // Single sign-on.
    [403, 'Resource protected by organization SAML enforcement. You must grant your token access', /single sign-on/],
    [403, 'token is not authorized for SSO', /single sign-on/],
    // Repositories that are closed for good or for now.
    [403, 'This repository was archived so it is read-only.', /unarchive it at registry\.example/],
    [
      405,
      'System is currently read-only. Pulls will succeed but all write operations are currently suspended.',
      FROZEN,
    ],
    [403, 'The system is in read only mode. Any modification is prohibited.', FROZEN],
    [503, 'The registry is down for maintenance', FROZEN],
    [400, 'Repository is read only: docker-hosted', FROZEN],
    // Limits of an account.
    [403, 'will exceed the configured upper limit of 10.0 MiB.', SPACE],
    [403, 'Quota has been exceed on namespace', SPACE],
    [403, 'Your account has exceeded its image storage quota for the current month.', SPACE],
    [403, 'registry contains 1 repositories, limit is 1', SPACE],
    [403, 'payment required: billing is disabled for this project', SPACE],
    [500, 'write /var/lib/registry: no space left on device', SPACE],
    [403, 'You have reached the storage limit of your plan', SPACE],
    // Accounts that are closed.
    [403, 'Your account has been suspended', CLOSED],
    [405, 'This namespace is disabled. Please contact your system administrator.', CLOSED],
    [403, 'the organization was flagged for a violation of the terms of service', CLOSED],
    // Artifacts that a registry does not take.
    [400, 'manifest invalid: unknown media type: application/pyoci.package.v1', KINDS],
    [400, 'unknown manifest class for application/vnd.oci.empty.v1+json', KINDS],
    [415, 'Unsupported media type', KINDS],
    [403, 'artifact type application/pyoci.package.v1 is not allowed here', KINDS],
    // Tags that are written once.
    [400, "The image tag '1.0' already exists in the 'x' repository and cannot be overwritten", IMMUTABLE],
    [400, 'cannot be overwritten because the repository is immutable.', IMMUTABLE],
    [400, 'cannot update tag 1.0. The repository has enabled tag immutability', IMMUTABLE],
    [412, "Failed to process request due to 'demo:1.0' configured as immutable.", IMMUTABLE],
    [409, 'tag was already pushed: the tag 1.0 already exists', IMMUTABLE],
    [403, 'Not enough permissions to delete/overwrite artifact (user: robin needs DELETE permission)', IMMUTABLE],
    [400, 'Repository does not allow updating assets: docker-hosted', IMMUTABLE],
    [409, 'cannot be updated as asset already exists and redeploy is not allowed', IMMUTABLE],
    [405, 'The operation is disallowed on this registry, repository or image.', IMMUTABLE],
    [403, 'The requested tag already exists and cannot be overwritten', IMMUTABLE],
  ])('%i %s', (status, message, cure) => {
    const told = hint(status, message);
    expect(told).toMatch(cure);
    expect(told).not.toMatch(/right to|permission "/);
  });

  it.each([
    [
      'its code',
      { reasons: [{ code: 'TAG_ALREADY_EXISTS', message: 'tag was already pushed', detail: '' }] },
      IMMUTABLE,
    ],
    ['its detail', { reasons: [{ code: 'DENIED', message: 'denied', detail: '{"reason":"quota exceeded"}' }] }, SPACE],
  ])('is found in %s as well', (_, change, cure) => {
    expect(hint(409, '', change)).toMatch(cure);
  });

  it.each([
    ['a token that may only read', 403, 'this token is read-only', /right to push/],
    ['a key with access to read', 403, 'your credentials have read-only access', /right to push/],
    ['a limit of requests', 429, 'You have reached your pull rate limit', /too many requests/],
    ['the same with another status', 403, 'request rate limit exceeded', /right to push/],
    ['a file that is too large', 413, 'blob exceeds the size limit of the registry', /larger than/],
    ['a plain refusal', 403, 'requested access to the resource is denied', /right to push/],
    ['an unknown tag', 404, 'the tag does not exist', /is a registry/],
  ])('is not mistaken for %s', (_, status, message, cure) => {
    expect(hint(status, message)).toMatch(cure);
  });

  it.each([
    ['acme-sso/payment-quota', "repository 'acme-sso/payment-quota' may not be changed by you"],
    ['firewall/demo', 'project firewall: no such right'],
    ['acme/archived', '{"name":"archived"}'],
    ['owner/demo', 'see https://docs.example/billing/quota-exceeded#limit for help'],
    ['owner/demo', 'maintenance.example:5000 says no', 'maintenance.example:5000'],
  ])(
    'is not read out of names and links that a registry repeats: %s',
    (repository, message, host = 'registry.example') => {
      const url = `https://${host}/v2/${repository}/manifests/1.0`;
      expect(hint(403, message, { host, url })).toMatch(/right to push/);
      const token = `https://${host}/token?service=s&scope=repository:${repository}:pull,push`;
      expect(hint(403, message, { host, url: token, signingIn: true })).toMatch(/does not accept the credentials/);
    },
  );

  it('of a tag or of a kind of artifact stops no reading', () => {
    for (const message of ['the tag is immutable', 'unknown media type: x/y'])
      expect(hint(400, message, { method: 'GET' })).toBeUndefined();
  });

  it.each([
    ['IP allow list', 'has an IP allow list enabled', /owner of the organization.*IP allow list \(Settings/],
    ['SAML', 'protected by organization SAML enforcement', /Configure SSO.*GITHUB_TOKEN/],
    ['an archive', 'the repository was archived', /Danger Zone/],
    ['a limit', 'storage quota exceeded', /Billing and licensing/],
  ])("is cured in GitHub's own pages where the registry is GitHub's: %s", (_, message, cure) => {
    for (const change of [{ host: 'ghcr.io' }, { host: 'containers.corp', onGitHub: true }])
      expect(hint(403, message, change)).toMatch(cure);
    expect(hint(403, message)).not.toMatch(/GitHub|Danger|Authentication security/);
  });

  it("of Azure's firewall has the command, with the address only if it is one", () => {
    const host = 'contoso.azurecr.io';
    const command = 'az acr network-rule add --name contoso --ip-address';
    expect(hint(403, "client with IP '172.214.169.102' is not allowed", { host })).toContain(
      `${command} 172.214.169.102,`,
    );
    expect(hint(403, "client with IP '1;rm -rf ~' is not allowed", { host })).toContain(`${command} ADDRESS,`);
    expect(hint(403, "client with IP '1.2.3' is not allowed", { host })).toContain(`${command} ADDRESS,`);
  });

  it.each([
    ['registry.gitlab.example', 'unsupported media type', /REGISTRY_FF_DYNAMIC_MEDIA_TYPES=true/],
    ['registry.example', 'unknown media type: a/b', /REGISTRY_FF_DYNAMIC_MEDIA_TYPES=true/],
    ['quay.example', 'unsupported media type', /IGNORE_UNKNOWN_MEDIATYPES/],
    ['registry.example', 'unsupported media type', /another registry$/],
  ])('of a kind of artifact names the setting that lets it in, where there is one: %s, %s', (host, message, cure) => {
    expect(hint(400, message, { host })).toMatch(cure);
  });

  it.each([
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      'aws ecr put-image-tag-mutability --region eu-west-1 --repository-name owner/demo --image-tag-mutability MUTABLE',
    ],
    ['contoso.azurecr.io', 'az acr repository update --name contoso --image owner/demo:1.0 --write-enabled true'],
    [
      'europe-west1-docker.pkg.dev',
      'gcloud artifacts repositories update demo --project=owner --location=europe-west1 --no-immutable-tags',
    ],
    ['harbor.example', 'change the rules for tags at harbor.example'],
  ])('of a tag has the command that lets tags change: %s', (host, command) => {
    expect(hint(400, 'the tag is immutable', { host })).toContain(command);
  });

  it('of a tag takes nothing into a command that the registry wrote', () => {
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
    const told = hint(400, "already exists in the '$(rm -rf ~)' repository, the tag is immutable", { host, url: 'x' });
    expect(told).toContain('--repository-name NAMESPACE/NAME ');
  });

  it.each([
    ['user robin needs DELETE permission to overwrite all artifacts', /permission Delete\/Overwrite/],
    ['Repository does not allow updating assets: docker', /"Allow redeploy"/],
  ])('of a tag names the setting of Artifactory or Nexus: %s', (message, cure) => {
    expect(hint(403, message)).toMatch(cure);
  });
});
