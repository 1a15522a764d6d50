import { amazonRegion, azureName, googleLocation } from '../origins/cloud-hosts.js';
import type { Refusal } from './errors.js';
import type { Situation } from './situation.js';

/**
 * What to do about a registry that lets a tag be written only once: our tags are written anew with each file that joins
 * a version.
 * @param said everything that the registry said
 */
export function immutableTagCure({ url }: Refusal, { host }: Situation, said: string): string {
  return `an immutable tag cannot be written again, which each file that joins a version needs: publish all files of a version in one run, raise the version, or ${release(url, host, said)}`;
}

/** How the rule is lifted. What goes into a command comes from our own request, never from the answer. */
function release(url: string, host: string, said: string): string {
  const [, repository = '', tag = ''] = /\/v2\/([a-z0-9._/-]+)\/manifests\/([\w.-]+)$/.exec(url) ?? [];
  const region = amazonRegion(host);
  if (region !== undefined) {
    return `let tags change there: aws ecr put-image-tag-mutability --region ${region} --repository-name ${repository || 'NAMESPACE/NAME'} --image-tag-mutability MUTABLE`;
  }
  const azure = azureName(host);
  if (azure !== undefined) {
    const image = repository && tag ? `${repository}:${tag}` : 'NAMESPACE/NAME:TAG';
    return `unlock it: az acr repository update --name ${azure} --image ${image} --write-enabled true`;
  }
  const location = googleLocation(host);
  if (location !== undefined) {
    const [project = 'PROJECT', name = 'REPOSITORY'] = repository.split('/').filter(Boolean);
    return `let tags change there: gcloud artifacts repositories update ${name} --project=${project} --location=${location} --no-immutable-tags`;
  }
  // Artifactory takes the right to delete for that to overwrite; Nexus has a policy for each repository.
  if (/needs DELETE permission|delete\/overwrite/i.test(said))
    return `give these credentials the permission Delete/Overwrite at ${host}`;
  if (/updating assets|redeploy/i.test(said))
    return `set the deployment policy of that repository at ${host} to "Allow redeploy"`;
  return `change the rules for tags at ${host}`;
}
