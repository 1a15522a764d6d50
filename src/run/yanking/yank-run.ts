/** Yanks one version, or takes it back in: reads its index, and brings a word into it by the merge of publishing. */
import { DocumentReader } from '../../catalog/document-reader.js';
import { readVersion } from '../../catalog/find.js';
import { UsageError } from '../../core/errors.js';
import type { Random } from '../../core/ports.js';
import { githubJob } from '../../github/job.js';
import { LAST_MOMENT, type Yanked } from '../../pyoci/yanking/yanked.js';
import { doubtText, guardVersion, type Protection } from '../../release/merge/protection.js';
import { writeVersion } from '../../release/merge/writer.js';
import { openStore } from '../open-store.js';
import { imageText, parseImageName } from '../settings/image-name.js';
import { InputReader } from '../settings/input-reader.js';
import { YANK_INPUTS, type YankInputs } from '../settings/inputs.js';
import { loginOf, maskLogin } from '../settings/login.js';
import { lifetimeOf } from '../stopping/lifetime.js';
import type { World } from '../world.js';

export interface YankOrder {
  /** As written: `ghcr.io/octo-org/my_package:1.0`. */
  readonly image: string;
  readonly inputs: YankInputs;
  /** Takes it back in. */
  readonly undo: boolean;
  readonly dryRun: boolean;
}

export interface YankOutcome {
  readonly image: string;
  /** `unchanged`: it was so already. `overruled`: somebody said otherwise later. */
  readonly status: 'yanked' | 'restored' | 'unchanged' | 'overruled';
  readonly dryRun: boolean;
  /** What its index says now, or would. */
  readonly word: Yanked | undefined;
}

export interface YankWorld extends World {
  readonly spelled: (name: string) => string;
}

/** Longer reasons help nobody, and each page of the index carries them once a file. */
const LONGEST_REASON = 1_000;

/**
 * @throws UsageError for wrong inputs; UserError if there is no such version, or its index cannot be written
 */
export async function yankRun(
  { image: named, inputs, undo, dryRun }: YankOrder,
  world: YankWorld,
): Promise<YankOutcome> {
  maskLogin(inputs, world.masker);
  const job = githubJob(world.env);
  const input = new InputReader(YANK_INPUTS, inputs, world.spelled);
  const folder = input.text('oci-layout');
  const login = loginOf(input, job, world.spelled);
  const reason = reasonOf(input);
  input.finish();
  const name = parseImageName(named, folder !== undefined);
  const { repository: path, tag, origin, digest: pinned } = name;
  if (tag === undefined) throw namesNoVersion(named);
  const place =
    folder === undefined ? { kind: 'registry' as const, origin, within: path } : { kind: 'layout' as const, folder };
  const { signal, lasting, end } = lifetimeOf(world.signal, world.clock);
  const store = await openStore(place, { login, readOnly: dryRun }, job, { ...world, signal: lasting });
  try {
    const repository = store.store.repository(path);
    const image = `${imageText(name, store.origin?.host)}:${tag}`;
    const reader = new DocumentReader(1, signal);
    const { yanked: standing, digest } = await readVersion(
      repository,
      image.slice(0, -tag.length - 1),
      { tag },
      reader,
    );
    if (pinned !== undefined && pinned !== digest) throw otherIndex(image, pinned, digest);
    if (isSaid(standing, undo, reason)) return { image, status: 'unchanged', dryRun, word: standing };
    const word = wordOf(undo, reason, standing, world);
    const wanted = undo ? 'restored' : 'yanked';
    if (dryRun) return { image, status: wanted, dryRun, word };

    const version = { repository, tag, image };
    const ports = { ...world, signal };
    const warn = (message: string): void => world.log.warning(message);
    const guard = await guardVersion(version, [], protectionFor(folder), false, ports, warn);
    const nothing = { claims: [], annotations: {}, restore: async () => {} };
    const written = await writeVersion(version, { ...nothing, word }, guard, ports);
    const doubt = doubtText(image, written);
    if (doubt !== undefined) warn(doubt);
    const stands = written.word?.id === word.id && written.word.at === word.at;
    return { image, status: stands ? wanted : 'overruled', dryRun, word: written.word };
  } finally {
    end();
    store.close();
  }
}

function reasonOf(input: InputReader<typeof YANK_INPUTS>): string | undefined {
  return input.parsed('reason', (text) => {
    if (text.length <= LONGEST_REASON && !/\p{Cc}/u.test(text)) return text;
    throw new UsageError(`found ${text.length} characters, expected one line of at most ${LONGEST_REASON}`);
  });
}

/** A folder changes under a lock; a registry by timing. */
function protectionFor(folder: string | undefined): Protection {
  return folder === undefined ? { kind: 'settle', openJournal: undefined, rerun: false } : { kind: 'lock' };
}

/** Whether a version says already what is to be said; a reason counts only where one is given. */
function isSaid(standing: Yanked | undefined, undo: boolean, reason: string | undefined): boolean {
  if (undo) return standing?.yanked !== true;
  return standing?.yanked === true && (reason === undefined || reason === standing.reason);
}

/** Later than what stands, whatever the clocks of two machines say. */
function wordOf(
  undo: boolean,
  reason: string | undefined,
  standing: Yanked | undefined,
  { clock, random }: { readonly clock: { now(): number }; readonly random: Random },
): Yanked {
  const at = Math.min(Math.max(Math.floor(clock.now()), (standing?.at ?? 0) + 1), LAST_MOMENT);
  const id = Math.floor(random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
  return { yanked: !undo, reason: undo ? '' : (reason ?? ''), at, id };
}

function namesNoVersion(image: string): UsageError {
  return new UsageError(`Cannot yank ${image}: it names no version`, {
    hint: `add the tag, as in ${image}:1.0; \`pyoci-publish show\` lists what there is`,
  });
}

function otherIndex(image: string, wanted: string, found: string): UsageError {
  return new UsageError(`Cannot yank ${image}: expected the index ${wanted}, found ${found}`, {
    hint: 'look at the version by `pyoci-publish show`, then name the digest it has now, or none',
  });
}
