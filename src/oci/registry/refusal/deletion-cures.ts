/** What deletes where the distribution API does not: each registry's own tool. */
import { amazonRegion, azureName, googleLocation } from '../origins/cloud-hosts.js';

/** By words in the name of a host: registries of one's own as a rule have one. */
const BY_WORD: readonly (readonly [RegExp, string])[] = [
  [/\bharbor\b/i, 'use the tag retention rules of the project in Harbor'],
  [/\bquay\b/i, 'use the auto-prune policy of the repository in Quay'],
  [/\bgitlab\b/i, 'use the cleanup policy for tags of the project in GitLab'],
  [/\bdocker\.io$/i, 'delete the tags on hub.docker.com'],
];

/** What to do where a registry takes no `DELETE` of a manifest. */
export function deletionCure(host: string): string {
  const region = amazonRegion(host);
  if (region !== undefined) {
    return `use a lifecycle policy of Amazon ECR, or delete by hand: aws ecr batch-delete-image --region ${region}`;
  }
  const azure = azureName(host);
  if (azure !== undefined)
    return `use the purge command of Azure: az acr run --registry ${azure} --cmd "acr purge --help" /dev/null`;
  const location = googleLocation(host);
  if (location !== undefined)
    return 'use a cleanup policy of Google Artifact Registry: gcloud artifacts repositories set-cleanup-policies';
  const known = BY_WORD.find(([word]) => word.test(host));
  if (known) return known[1];
  return `${host} does not let manifests be deleted: whoever runs it can allow that (distribution: REGISTRY_STORAGE_DELETE_ENABLED=true), or delete with its own tool`;
}
