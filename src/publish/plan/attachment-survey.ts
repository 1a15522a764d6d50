/** Reads what stands in the places of a version's attachments, and decides what is to be done with each. */
import type { Attachment } from '../../check/attachments/attachment.js';
import { hexOf } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import type { Document } from '../../oci/document.js';
import { type IndexEntry, isFile } from '../../pyoci/version-index.js';
import type { Publication } from '../publication.js';
import type { Workshop } from '../workshop.js';
import {
  type AttachmentPlan,
  type AttachmentPush,
  boundProblems,
  type Conflict,
  planAttachment,
  sharedInVersion,
} from './attachment-plan.js';
import type { FilePlan } from './plan.js';
import { sharedWithOthers } from './shared-bytes.js';
import { resolve } from './standing.js';

/** What is known of the version by now. */
interface Known {
  /** Of the files of this run. */
  readonly plans: readonly FilePlan[];
  /** Of the index as it is. */
  readonly entries: readonly IndexEntry[];
  readonly document: Document | undefined;
}

/**
 * Compares attachments with what is published. Writes nothing.
 * @throws UserError naming each that cannot be attached
 */
export async function planAttachments(
  publication: Publication,
  known: Known,
  shop: Workshop,
): Promise<readonly AttachmentPlan[]> {
  const { attachments = [], image, repository } = publication;
  if (!attachments.length) return [];
  const { lanes, ports, job } = shop;
  const { signal } = ports;
  const { plans, entries, document } = known;
  const decided = await Promise.all(
    attachments.map(async (attachment): Promise<AttachmentPlan | Conflict> => {
      const home = await homeOf(attachment, publication, known, shop);
      if (home.kind === 'skip') return { decision: 'skip', attachment };
      if (home.kind === 'problem') return { decision: 'conflict', message: home.message };
      const entry = entries.find(({ architecture }) => architecture === attachment.architecture);
      const readable =
        entry !== undefined &&
        (await lanes.asking.run(() => repository.hasManifest(entry.descriptor.digest, { signal })));
      return planAttachment(attachment, home.of, entry, readable, job.ifExists);
    }),
  );
  const made = decided.filter((plan): plan is AttachmentPlan => plan.decision !== 'conflict');
  const pushes = made.filter((plan): plan is AttachmentPush => plan.decision === 'push');
  const added = plans.filter(({ decision }) => decision === 'push').length;
  const messages = [
    ...decided.flatMap((plan) => (plan.decision === 'conflict' ? [plan.message] : [])),
    ...boundProblems(pushes, entries, document?.descriptor.size ?? 0, added),
  ];
  if (messages.length) throw new UserError(`Cannot attach to ${image}: ${messages.join('; ')}`, { hint: HINT });
  const shared = [...sharedInVersion(pushes, entries), ...(await sharedWithOthers(publication, pushes, shop))];
  if (!shared.length) return made;
  throw new UserError(`Cannot attach to ${image}: ${shared.join('; ')}`, {
    hint: 'give it bytes of its own, for which a serial number or a time in it is enough: PyOCI deletes a version with all its bytes, whoever else has them',
  });
}

const HINT =
  'attach what is about the files that are published, or publish those files in the same run by naming them as well';

type Home =
  /** The file is published, or is about to be. */
  | { readonly kind: 'found'; readonly of: string | undefined }
  | { readonly kind: 'skip' }
  | { readonly kind: 'problem'; readonly message: string };

/** The file that an attachment is about, among those of this run and those that are listed. */
async function homeOf(
  { filename, about }: Attachment,
  { repository, files }: Publication,
  { plans, entries }: Known,
  { lanes, hashing, job, ports: { signal } }: Workshop,
): Promise<Home> {
  const listed = entries.filter(isFile);
  const waits = job.protection.kind === 'settle';
  if (!about) {
    if (plans.length || listed.length || waits) return { kind: 'found', of: undefined };
    return { kind: 'problem', message: `${filename} is about a version that has no files` };
  }
  const plan = plans.find(({ file }) => file.architecture === about.architecture);
  const own = files.find(({ architecture }) => architecture === about.architecture);
  const sha256 = about.sha256 ?? (own && hexOf(await hashing.digestOf(own.bytes, signal)));
  if (plan) return plan.decision === 'skip' ? { kind: 'skip' } : { kind: 'found', of: sha256 };
  const entry = listed.find(({ architecture }) => architecture === about.architecture);
  const standing = entry && (await lanes.asking.run(() => resolve(repository, entry, { signal })));
  if (!standing) {
    if (sha256 === undefined) {
      const message = `${filename} does not say which bytes it is about, and ${about.filename} is neither here nor published`;
      return { kind: 'problem', message };
    }
    if (waits) return { kind: 'found', of: sha256 };
    return { kind: 'problem', message: `${filename} is about ${about.filename}, which is neither here nor published` };
  }
  if (entry?.sha256 === undefined) {
    const message = `the index does not say which bytes ${about.filename} has, so nothing can be attached to it`;
    return { kind: 'problem', message };
  }
  if (sha256 === undefined || sha256 === standing.sha256) return { kind: 'found', of: standing.sha256 };
  if (job.ifExists === 'skip') return { kind: 'skip' };
  const there = standing.sha256 ?? 'unknown';
  return {
    kind: 'problem',
    message: `${filename} is about ${about.filename} with sha256:${sha256}, which is published with sha256:${there}`,
  };
}
