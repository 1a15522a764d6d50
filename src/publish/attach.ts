/** Makes the documents of attachments, and tells what became of them. Writes nothing. */
import { memoryBytes } from '../core/bytes.js';
import type { Digest } from '../core/digest.js';
import { attachmentEntry, attachmentManifest } from '../pyoci/attachment/attachment-manifest.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../pyoci/file-manifest.js';
import { isFile } from '../pyoci/version-index.js';
import type { Claim } from '../release/merge/journal.js';
import type { Written } from '../release/merge/writer.js';
import type { Content } from '../release/push/push.js';
import type { AttachmentPush } from './plan/attachment-plan.js';
import { type AttachmentOutcome, attachmentOutcome } from './report/outcome.js';

/** An attachment with all that will stand for it: what is stored, and what is listed. */
export interface PreparedAttachment {
  readonly plan: AttachmentPush;
  readonly content: Content;
  readonly claim: Claim;
}

/**
 * @param manifestOf the manifest of a file of the version by now, by the SHA-256 of the file
 * @param created RFC 3339
 */
export function prepareAttachment(
  plan: AttachmentPush,
  manifestOf: (sha256: string) => Digest | undefined,
  created: string,
): PreparedAttachment {
  const { attachment, of, replaces } = plan;
  const facts = { ...attachment, size: attachment.bytes.size };
  const manifest = attachmentManifest(facts, created);
  const [layer] = manifest.value.layers;
  if (!layer) throw new Error(`the manifest of ${attachment.filename} has no layer`);
  const about = of === undefined ? undefined : { sha256: of, manifest: manifestOf(of) };
  return {
    plan,
    content: {
      label: attachment.filename,
      manifest,
      config: { descriptor: EMPTY_CONFIG, bytes: memoryBytes(EMPTY_CONFIG_BYTES) },
      layers: [{ descriptor: layer, bytes: attachment.bytes }],
    },
    claim: { entry: attachmentEntry(facts, manifest, about, created), replaces },
  };
}

/** Of an attachment that a dry run would store. */
export function plannedAttachment(plan: AttachmentPush, created: string): AttachmentOutcome {
  const { claim } = prepareAttachment(plan, () => undefined, created);
  return attachmentOutcome(plan.attachment, claim.entry.descriptor.digest, 'planned');
}

/** Of an attachment that was stored, as the version now stands. */
export function attachedOutcome(
  plan: AttachmentPush,
  attached: readonly PreparedAttachment[],
  { entries, skipped }: Written,
): AttachmentOutcome {
  const { attachment, replaces } = plan;
  const mine = attached.find((prepared) => prepared.plan === plan);
  const given = skipped.find((dispute) => dispute.mine === mine?.claim);
  const entry = entries.find(({ architecture }) => architecture === attachment.architecture);
  if (given && isFile(given.theirs)) return attachmentOutcome(attachment, undefined, 'skipped');
  if (!entry) throw new Error(`${attachment.filename} was pushed but is not listed`);
  const { digest } = entry.descriptor;
  if (entry.sha256 !== attachment.sha256) return attachmentOutcome(attachment, digest, 'kept');
  const replaced = replaces !== undefined && replaces.sha256 !== attachment.sha256;
  return attachmentOutcome(attachment, digest, replaced ? 'replaced' : 'published');
}
