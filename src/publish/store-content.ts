/** Stores what a version is to list: files first, then what is attached. Nothing lists it yet. */
import { pushContent } from '../release/push/push.js';
import { type PreparedAttachment, prepareAttachment } from './attach.js';
import type { FilePush } from './plan/plan.js';
import type { Survey } from './plan/survey.js';
import { type PreparedFile, prepareFile } from './prepare.js';
import type { Publication } from './publication.js';
import type { Workshop } from './workshop.js';

/** Stores files, each with its manifest. */
export async function storeFiles(
  { repository }: Publication,
  pushes: readonly FilePush[],
  shop: Workshop,
): Promise<readonly PreparedFile[]> {
  const push = async (plan: FilePush, signal: AbortSignal): Promise<PreparedFile> => {
    const prepared = await prepareFile(plan, shop, signal);
    try {
      await pushContent(repository, prepared.content, shop.lanes, { ...shop.ports, signal });
      return prepared;
    } catch (error) {
      if (!shop.configs.mayBeRefusedBy(error, prepared.content)) throw error;
      // The same once more with the empty config; whatever it is refused for now was not the config's fault.
      return push({ ...plan, sha256: prepared.sha256 }, signal);
    }
  };
  return together(pushes, push, shop);
}

/** Stores attachments. They come after the files, whose manifests they name. */
export async function storeAttachments(
  { repository }: Publication,
  { attachments, entries }: Survey,
  files: readonly PreparedFile[],
  shop: Workshop,
): Promise<readonly PreparedAttachment[]> {
  const known = [...files.map(({ claim }) => claim.entry), ...entries];
  const manifestOf = (sha256: string) => known.find((entry) => entry.sha256 === sha256)?.descriptor.digest;
  const pushes = attachments.filter((plan) => plan.decision === 'push');
  return together(
    pushes,
    async (plan, signal) => {
      const prepared = prepareAttachment(plan, manifestOf, shop.job.context.created);
      await pushContent(repository, prepared.content, shop.lanes, { ...shop.ports, signal });
      return prepared;
    },
    shop,
  );
}

/** The first failure stops the version's other uploads; it is the one that is told. */
async function together<Plan, Done>(
  plans: readonly Plan[],
  push: (plan: Plan, signal: AbortSignal) => Promise<Done>,
  { ports }: Workshop,
): Promise<readonly Done[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([ports.signal, stop.signal]);
  const results = await Promise.allSettled(
    plans.map((plan) =>
      push(plan, signal).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    ),
  );
  ports.signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
