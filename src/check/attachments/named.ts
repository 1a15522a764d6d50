/** Attachments that the user names for a version. */
import { posix, sep } from 'node:path';
import { digestOf, hexOf } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';
import {
  ANY_BYTES,
  ATTESTATION,
  attachmentArchitecture,
  SBOM,
  SIGNATURE,
  suffixOfType,
} from '../../pyoci/attachment/kinds.js';
import type { Attachment } from './attachment.js';
import { bundleType, objectIn, readContent, sbomKind } from './content.js';
import { type Subject, shortened, signedIn } from './statement.js';

/** A version that is published in this run, with the bytes of its files. */
export interface Target<Version> {
  readonly version: Version;
  /** For messages: `demo 1.0`. */
  readonly label: string;
  readonly files: readonly { readonly filename: string; readonly architecture: string; readonly sha256: string }[];
}

/** An attachment, and where it goes. */
export interface Placed<Version> {
  readonly version: Version;
  readonly attachment: Attachment;
}

/**
 * Reads a file that is to be attached to a version. What is signed goes where its statement points; anything else to the
 * one version that there is.
 * @param type `attestation`, `sbom`, `signature`, or a word of the user's
 * @throws UserError that says what is wrong with it; what the file system throws
 */
export async function readNamed<Version>(
  path: string,
  type: string,
  targets: readonly Target<Version>[],
): Promise<readonly Placed<Version>[]> {
  const content = await readContent(path);
  const { bytes, sha256 } = content;
  const base = { path, filename: posix.basename(path.split(sep).join('/')), bytes, sha256 };
  if (type === ATTESTATION || type === SIGNATURE) {
    const value = objectIn(content);
    const { kind, subjects } = signedIn(value);
    if (kind !== type) {
      throw new UserError(
        `it holds ${kind === 'signature' ? 'a signature' : 'an attestation'}, and was given as ${type}`,
        {
          hint: `write ${kind}= in its place`,
        },
      );
    }
    const signed = { ...base, type, mediaType: bundleType(value) };
    return placesOf(subjects, targets).map(({ version, file }) => ({
      version,
      attachment: {
        ...signed,
        architecture: attachmentArchitecture(file?.architecture, file ? BUNDLE : `.${keyOf(subjects)}${BUNDLE}`),
        about: file,
      },
    }));
  }
  const { version } = onlyOne(targets);
  const { suffix, mediaType } =
    type === SBOM ? sbomKind(content) : { suffix: suffixOfType(type), mediaType: ANY_BYTES };
  const architecture = attachmentArchitecture(undefined, suffix);
  return [{ version, attachment: { ...base, type, mediaType, architecture, about: undefined } }];
}

const BUNDLE = '.sigstore.json';

/**
 * Tells bundles about several files apart by what they are about: the jobs of a matrix each sign their own files, and one
 * that signs the same ones again means the same bundle.
 */
function keyOf(subjects: readonly Subject[]): string {
  const digests = [...new Set(subjects.map(({ sha256 }) => sha256))].sort();
  return hexOf(digestOf(Buffer.from(digests.join('\n')))).slice(0, 12);
}

interface Place<Version> {
  readonly version: Version;
  /** `undefined` where it is about several files. */
  readonly file: Target<Version>['files'][number] | undefined;
}

function placesOf<Version>(
  subjects: readonly Subject[],
  targets: readonly Target<Version>[],
): readonly Place<Version>[] {
  const names = shortened(subjects.map(({ name, sha256 }) => name ?? `sha256:${sha256}`));
  const digests = new Set(subjects.map(({ sha256 }) => sha256));
  for (const { files } of targets) {
    for (const { filename, sha256 } of files) {
      const other = digests.has(sha256) ? undefined : subjects.find(({ name }) => name === filename);
      if (!other) continue;
      throw new UserError(`it is about ${filename} with sha256:${other.sha256}, and that file has sha256:${sha256}`, {
        hint: 'sign the files again, after the last step that builds or repairs them',
      });
    }
  }
  const places = targets.flatMap(({ version, files }): readonly Place<Version>[] => {
    const found = files.filter(({ sha256 }) => digests.has(sha256));
    return found.length ? [{ version, file: digests.size === 1 ? found[0] : undefined }] : [];
  });
  if (places.length) return places;
  throw new UserError(`it is about ${names}, and none of these is published here`, {
    hint: 'name the files that it is about as well; those that are published already stay unchanged',
  });
}

function onlyOne<Version>(targets: readonly Target<Version>[]): Target<Version> {
  const [first, ...others] = targets;
  if (first && !others.length) return first;
  throw new UserError(
    first
      ? `it could belong to ${shortened(targets.map(({ label }) => label))}: several versions are published here`
      : 'there is no version to attach it to: no wheel and no sdist is published here',
    {
      hint: first
        ? 'publish them by steps of their own; or put it beside one of the files, under the name of that file with .cdx.json or .spdx.json at the end'
        : 'name the files of that version as well; those that are published already stay unchanged',
    },
  );
}
