/** A publisher's record in a journal, as docs/format.md describes it. Pure: values to documents and back. */
import {
  type Annotations,
  annotationsOf,
  type Descriptor,
  type ImageIndex,
  isObject,
  type Json,
  parseDescriptor,
} from '../oci/descriptor.js';
import { type Document, encode } from '../oci/document.js';
import { OCI_INDEX } from '../oci/media-types.js';
import type { RepositoryName, Tag } from '../oci/reference.js';
import { ANNOTATION, SHA256_DIGEST } from '../pyoci/layout.js';
import type { Author, Claim } from '../release/merge/journal.js';

export const RECORD_TYPE = 'application/vnd.pyoci-publish.record.v1+json';
const SUBJECT_TYPE = 'application/vnd.pyoci-publish.version.v1+json';

const REPOSITORY = 'vnd.pyoci-publish.repository';
const TAG = 'vnd.pyoci-publish.tag';
const RUN = 'vnd.pyoci-publish.run';
const LEG = 'vnd.pyoci-publish.leg';
const ATTEMPT = 'vnd.pyoci-publish.attempt';
/** JSON: `[{"entry": descriptor, "replaces": {"sha256", "manifest"}}]`, so that a listing of records needs no further reads. */
const CLAIMS = 'vnd.pyoci-publish.claims';

/** Which version, in which run: publishers meet only those who say the same. */
export interface Meeting {
  readonly repository: RepositoryName;
  readonly tag: Tag;
  /** `GITHUB_RUN_ID`, which re-runs keep. */
  readonly run: string;
}

/** What one publisher writes into a journal, and when: RFC 3339, one for the whole run. */
export interface Signature {
  /** `undefined` where a leg cannot tell itself from the others: its record is nobody's earlier attempt. */
  readonly author: Author | undefined;
  readonly created: string;
}

/**
 * What all records of a meeting have as their `subject`: the descriptor of a small JSON text that is never pushed.
 * A subject need not exist (distribution-spec v1.1.1, "Pushing Manifests with Subject").
 */
export function subjectOf({ repository, tag, run }: Meeting): Descriptor {
  const { descriptor } = encode({ mediaType: SUBJECT_TYPE, repository, tag, run });
  return descriptor;
}

/** An image index that lists the claimed files and says, in its annotations, all that a reader wants to know. */
export function encodeRecord(
  claims: readonly Claim[],
  meeting: Meeting,
  { author, created }: Signature,
  subject?: Descriptor,
): Document<ImageIndex> {
  return encode({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    artifactType: RECORD_TYPE,
    manifests: claims.map((claim) => claim.entry.descriptor),
    ...(subject && { subject }),
    annotations: {
      [ANNOTATION.created]: created,
      [REPOSITORY]: meeting.repository,
      [TAG]: meeting.tag,
      [RUN]: meeting.run,
      ...(author && { [LEG]: author.leg, [ATTEMPT]: String(author.attempt) }),
      [CLAIMS]: JSON.stringify(claims.map(({ entry, replaces }) => ({ entry: entry.descriptor, replaces }))),
    },
  });
}

/** The claims of a record's annotations; `undefined` if it is no record of this meeting, or malformed. */
export function decodeRecord(annotations: Annotations, meeting: Meeting): readonly Claim[] | undefined {
  if (annotations[REPOSITORY] !== meeting.repository || annotations[TAG] !== meeting.tag) return undefined;
  if (annotations[RUN] !== meeting.run) return undefined;
  try {
    const claims: unknown = JSON.parse(annotations[CLAIMS] ?? '');
    const author = authorOf(annotations);
    return Array.isArray(claims) ? claims.map((claim) => decodeClaim(claim as Json, author)) : undefined;
  } catch {
    return undefined;
  }
}

/** A record that does not say who wrote it is nobody's earlier attempt. */
function authorOf(annotations: Annotations): Author | undefined {
  const { [LEG]: leg, [ATTEMPT]: attempt = '' } = annotations;
  return leg !== undefined && /^[1-9]\d{0,8}$/.test(attempt) ? { leg, attempt: Number(attempt) } : undefined;
}

function decodeClaim(claim: Json, author: Author | undefined): Claim {
  if (!isObject(claim)) throw new TypeError('not a claim');
  const descriptor = parseDescriptor(claim.entry, 'a record');
  const { replaces } = claim;
  const architecture = descriptor.platform?.architecture;
  if (typeof architecture !== 'string') throw new TypeError('a claim without architecture');
  return {
    entry: { architecture, sha256: annotationsOf(descriptor)[SHA256_DIGEST], descriptor },
    replaces:
      isObject(replaces) && typeof replaces.manifest === 'string'
        ? { manifest: replaces.manifest, sha256: typeof replaces.sha256 === 'string' ? replaces.sha256 : undefined }
        : undefined,
    author,
  };
}
