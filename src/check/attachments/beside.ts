/** Attachments that lie beside distributions, under their names. */
import { posix, sep } from 'node:path';
import { UserError } from '../../core/errors.js';
import {
  ATTESTATION,
  attachmentArchitecture,
  CYCLONEDX,
  PEP_740,
  SBOM,
  SPDX,
  type Suffix,
} from '../../pyoci/attachment/kinds.js';
import { parseFileName } from '../../python/filename.js';
import { normalName } from '../../python/name.js';
import type { About, Attachment } from './attachment.js';
import { bundleType, type Content, objectIn, readContent, sbomKind } from './content.js';
import { attestedFile, type Signed, type Subject, shortened, signedIn } from './statement.js';

/** The distribution that an attachment lies beside. */
export interface Neighbour {
  readonly filename: string;
  readonly architecture: string;
  /** SHA-256 of its bytes, 64 hex characters; `undefined` if it is not here, or nothing is to be compared with it. */
  readonly sha256: string | undefined;
}

/**
 * Reads an attachment that is named after a file, and checks that it is about that file.
 * @throws UserError that says what is wrong with it; what the file system throws
 */
export async function readBeside(path: string, suffix: Suffix, neighbour: Neighbour): Promise<Attachment> {
  const content = await readContent(path);
  const { type, mediaType, sha256 } = judge(content, suffix, neighbour);
  const { filename, architecture } = neighbour;
  const about: About = { filename, architecture, sha256: neighbour.sha256 ?? sha256 };
  return {
    path,
    filename: posix.basename(path.split(sep).join('/')),
    bytes: content.bytes,
    sha256: content.sha256,
    type,
    mediaType,
    architecture: attachmentArchitecture(architecture, suffix),
    about,
  };
}

/** What it is, and the bytes it says it is about; `undefined` where it says nothing of them. */
interface Judged {
  readonly type: string;
  readonly mediaType: string;
  readonly sha256: string | undefined;
}

function judge(content: Content, suffix: Suffix, neighbour: Neighbour): Judged {
  const value = objectIn(content);
  switch (suffix) {
    case '.publish.attestation':
    case '.slsa.attestation': {
      const subject = attestedFile(value);
      if (!sameDistribution(subject.name, neighbour.filename)) throw ofAnother(subject, neighbour);
      return { type: ATTESTATION, mediaType: PEP_740, sha256: agreed(subject, neighbour) };
    }
    case '.sigstore.json': {
      const signed = signedIn(value);
      return {
        type: signed.kind,
        mediaType: bundleType(value),
        sha256: agreed(subjectIn(signed, neighbour), neighbour),
      };
    }
    case '.cdx.json':
    case '.spdx.json': {
      const kind = sbomKind(content);
      if (kind.suffix !== suffix) {
        throw new UserError(`it is ${nameOf(kind.mediaType)}, and its name says otherwise`, {
          hint: `rename it to ${neighbour.filename}${kind.suffix}`,
        });
      }
      return { type: SBOM, mediaType: kind.mediaType, sha256: undefined };
    }
  }
}

/** Of a bundle about several files the one that it lies beside. */
function subjectIn({ subjects }: Signed, neighbour: Neighbour): Subject {
  const [first, ...others] = subjects;
  if (first && !others.length) return first;
  const found = subjects.find(
    ({ name, sha256 }) =>
      sha256 === neighbour.sha256 || (name !== undefined && sameDistribution(name, neighbour.filename)),
  );
  if (found) return found;
  const names = subjects.map(({ name, sha256 }) => name ?? `sha256:${sha256}`);
  throw new UserError(`its statement is about ${shortened(names)}, expected ${neighbour.filename}`, {
    hint: ELSEWHERE,
  });
}

function agreed(subject: Subject, neighbour: Neighbour): string {
  if (neighbour.sha256 === undefined || neighbour.sha256 === subject.sha256) return subject.sha256;
  if (subject.name !== undefined && !sameDistribution(subject.name, neighbour.filename)) {
    throw ofAnother(subject, neighbour);
  }
  throw new UserError(
    `it is about ${neighbour.filename} with sha256:${subject.sha256}, and that file has sha256:${neighbour.sha256}`,
    { hint: 'sign the file again, after the last step that builds or repairs it' },
  );
}

const ELSEWHERE = 'put it beside the file that it is about, under the name of that file; or leave it out';

function ofAnother({ name }: Subject, { filename }: Neighbour): UserError {
  return new UserError(`it is about ${name}, and lies beside ${filename}`, { hint: ELSEWHERE });
}

/** A signer may have written the name in its normal form. */
function sameDistribution(one: string | undefined, other: string): boolean {
  if (one === other) return true;
  const a = one === undefined ? undefined : keyOf(one);
  return a !== undefined && a === keyOf(other);
}

function keyOf(filename: string): string | undefined {
  const parsed = parseFileName(filename);
  if (parsed.kind === 'wheel') return [normalName(parsed.name), parsed.version.key, parsed.architecture].join(' ');
  if (parsed.kind !== 'sdist') return undefined;
  return parsed.splits.map(({ name, version }) => [normalName(name), version.key].join(' ')).join(', ');
}

function nameOf(mediaType: string): string {
  return mediaType === CYCLONEDX ? 'CycloneDX' : mediaType === SPDX ? 'SPDX' : mediaType;
}
