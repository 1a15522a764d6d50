/** Which attachments of a version are downloaded, and under which names. Pure. */
import { hexOf } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import { namesOf } from '../attachments.js';
import type { IndexedAttachment } from '../version.js';
import type { DownloadPlan, WantedFile } from './download-plan.js';

/**
 * What is attached to a version, to be downloaded beside its files. No name is trusted, and the digests of index and
 * manifest must agree.
 * @param attachments with what their manifests tell
 * @param image for errors: `ghcr.io/owner/name:tag`
 * @throws UserError naming every attachment that cannot be had
 */
export function planAttachments(attachments: readonly IndexedAttachment[], image: string): DownloadPlan {
  const files: WantedFile[] = [];
  const passedOver: string[] = [];
  const problems: string[] = [];
  for (const { name, attachment } of namesOf(attachments)) {
    const problem = problemOf(attachment);
    if (name === undefined) passedOver.push(attachment.served);
    else if (problem !== undefined) problems.push(`${name}: ${problem}`);
    else if (attachment.content) files.push({ filename: name, layer: attachment.content.layer });
  }
  if (!problems.length) return { files, passedOver };
  throw new UserError(`Cannot pull the attachments of ${image}: ${problems.join('; ')}; nothing was written`, {
    hint: 'publish them again with --if-exists replace; or pull without --attachments',
  });
}

function problemOf({ content, declared }: IndexedAttachment): string | undefined {
  if (!content) return 'its manifest is gone, or is none of one file';
  const found = hexOf(content.layer.digest);
  if (declared === undefined || declared === found) return undefined;
  return `the index says that its sha256 is ${declared}, the manifest points at ${found}`;
}
