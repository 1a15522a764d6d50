/** Attachments of one run that would take each other's places or share their bytes. Pure. */
import type { FileProblem } from '../../core/errors.js';
import { groupedBy } from '../../core/grouped.js';
import { type Attachment, attachmentProblem } from './attachment.js';

/** One for each architecture: the same bytes once, other bytes are a problem. */
export function withoutTwins(attachments: readonly Attachment[]): {
  readonly kept: readonly Attachment[];
  readonly clashes: readonly FileProblem[];
} {
  const places = [...groupedBy(attachments, ({ architecture }) => architecture).values()];
  const clashes = places.flatMap(([first, ...others]) =>
    others
      .filter(({ sha256 }) => sha256 !== first.sha256)
      .map(({ path, about }) =>
        attachmentProblem(
          path,
          `it would take the place of ${first.path}: ${about?.filename ?? 'a version'} can have one attachment of this kind`,
          about
            ? 'leave one of the two out'
            : 'leave one of the two out, or attach it under a word of your own, as in notes=FILE',
        ),
      ),
  );
  return { kept: places.map(([first]) => first), clashes };
}

/**
 * PyOCI deletes a version with its blobs, whoever else has them: bytes that are attached twice in one repository would be
 * lost with the first.
 */
export function sharedBytes(attachments: readonly Attachment[]): readonly FileProblem[] {
  return [...groupedBy(attachments, ({ sha256 }) => sha256).values()].flatMap(([first, ...others]) =>
    others.map(({ path }) =>
      attachmentProblem(
        path,
        `it has the same bytes as ${first.path}: deleting one version through PyOCI would take them away from the other`,
        'give each bytes of its own: a serial number or a time in it is enough',
      ),
    ),
  );
}
