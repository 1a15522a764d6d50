/** How a merge fails, in words for the user. */
import { UserError } from '../../core/errors.js';
import { MissingReferenceError } from '../../oci/errors.js';
import { isFile, roleOf } from '../../pyoci/version-index.js';
import type { Claim } from './journal.js';
import type { MergeState } from './merge-state.js';
import type { Dispute } from './union.js';

/** A write of the tag was sent, and there was no time to see what came of it. */
export class UnconfirmedError extends UserError {
  override readonly name = 'UnconfirmedError';

  constructor(image: string) {
    super(`Cannot tell what became of ${image}: its index was sent, and there was no time to read it back`, {
      hint: 'run again: what is listed already is found unchanged, and the rest is completed',
    });
  }
}

/** Other bytes stand under the name of a file, or another publisher has some. */
export class TakenError extends UserError {
  override readonly name = 'TakenError';
  /** Of each file: 64 hex characters, there as far as they are known. */
  readonly digests: readonly { readonly there: string | undefined; readonly here: string }[];

  constructor(message: string, digests: TakenError['digests'], hint: string) {
    super(message, { hint });
    this.digests = digests;
  }
}

/** An attachment is about a file that is not listed, and has not come. */
export function unlistedError(image: string, claims: readonly Claim[]): UserError {
  const lines = claims.map(({ entry: { architecture, descriptor } }) => {
    const of = roleOf({ descriptor })?.of;
    return `${architecture} is about ${of === undefined ? 'a version' : `sha256:${of}`}`;
  });
  return new UserError(`Cannot attach to ${image}: what it is about is not published there: ${lines.join('; ')}`, {
    hint: 'publish the files first, or in the same run by naming them as well; then run again',
  });
}

/** The file that an attachment is about has other bytes in the version. */
function misplacedError(image: string, disputes: readonly Dispute[]): UserError {
  const lines = disputes.map(({ mine, theirs }) => {
    const { architecture } = mine.entry;
    return `${architecture} is about sha256:${roleOf(mine.entry)?.of ?? 'unknown'}, and ${theirs.architecture} is published with sha256:${theirs.sha256 ?? 'unknown'}`;
  });
  return new UserError(`Cannot attach to ${image}: ${lines.join('; ')}`, {
    hint: 'sign or describe the file that is published, which `pyoci-publish pull` gets back; if it is to be replaced, publish its other bytes first',
  });
}

/** Another publisher of the version has other bytes for the same files. */
export function disputedError(image: string, disputes: readonly Dispute[]): UserError {
  if (disputes.every(({ mine }) => !isFile(mine.entry))) return misplacedError(image, disputes);
  const lines = disputes.map(({ mine, theirs }) => {
    const { architecture, sha256 } = mine.entry;
    return `${architecture} has sha256:${sha256} here, and another publisher of this version has sha256:${theirs.sha256 ?? 'unknown'}`;
  });
  const digests = disputes.map(({ mine, theirs }) => ({ there: theirs.sha256, here: mine.entry.sha256 ?? '' }));
  return new TakenError(
    `Cannot publish to ${image}: ${lines.join('; ')}`,
    digests,
    'two jobs built the same file with different bytes; let only one of them publish it, or make the build reproducible (SOURCE_DATE_EPOCH)',
  );
}

/** The store does not take the index. @param cause its last answer */
export function refusedError(image: string, cause: unknown): UserError {
  if (cause instanceof MissingReferenceError) {
    const named = cause.missing.length ? `: ${cause.missing.join(', ')}` : '';
    return new UserError(
      `Cannot publish to ${image}: the registry refuses the index, because something it lists is no longer there${named}`,
      {
        cause,
        hint: 'a clean-up has probably deleted untagged image manifests that this version still lists; publish the files they stood for again, or delete the tag and publish the whole version',
      },
    );
  }
  return cause instanceof UserError
    ? cause
    : new UserError(`Cannot publish to ${image}: the index could not be written`, { cause });
}

/** The version was to be told something, and has been deleted meanwhile. */
export function goneError(image: string): UserError {
  return new UserError(`Cannot write to ${image}: the version was deleted meanwhile`, {
    hint: 'look at the package by `pyoci-publish show`',
  });
}

/** The loop reached one of its bounds. */
export function exhaustedError(image: string, { refusal, rounds }: MergeState): UserError {
  const why = refusal === undefined ? 'others kept changing it' : 'and the last write of it failed';
  return new UserError(`Cannot publish to ${image}: its index did not come to rest in ${rounds} readings, ${why}`, {
    cause: refusal,
    hint: 'run this job again; what is uploaded already is not sent twice',
  });
}
