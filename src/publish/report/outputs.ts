import { byText } from '../../core/order.js';
import type { AttachmentOutcome, FileOutcome } from './outcome.js';
import { indexUrlOf, publishedOf, type Report } from './report.js';

/** Outputs of the action by name; `result` and `checksums` are paths, which the face adds. */
export interface Outputs {
  /** One line a version, as the next three: normal form of the project's name. */
  readonly name: string;
  readonly version: string;
  readonly image: string;
  /** Of the version's index; an empty line where a dry run met a version that does not exist yet. */
  readonly digest: string;
  readonly 'index-url': string;
  /** JSON: a list of `file`, `sha256`, `manifest`, `status`. */
  readonly files: string;
  /** JSON: a list of `file`, `type`, `about`, `sha256`, `manifest`, `status`. */
  readonly attachments: string;
}

export function outputsOf(report: Report): Outputs {
  const versions = publishedOf(report);
  const lines = (line: (version: (typeof versions)[number]) => string): string => versions.map(line).join('\n');
  return {
    name: lines((version) => version.name),
    version: lines((version) => version.version),
    image: lines((version) => version.image),
    digest: lines((version) => version.digest ?? ''),
    'index-url': indexUrlOf(report) ?? '',
    files: JSON.stringify(versions.flatMap(({ files }) => files.map(shortened))),
    attachments: JSON.stringify(versions.flatMap(({ attachments }) => attachments.map(shortenedAttachment))),
  };
}

/** Short on purpose: a step hands this on in an environment variable, which may hold 128 KiB. */
function shortened({
  file,
  sha256,
  manifest,
  status,
}: FileOutcome): Pick<FileOutcome, 'file' | 'sha256' | 'manifest' | 'status'> {
  return { file, sha256, manifest, status };
}

function shortenedAttachment({
  file,
  type,
  about,
  sha256,
  manifest,
  status,
}: AttachmentOutcome): Omit<AttachmentOutcome, 'path' | 'size'> {
  return { file, type, about, sha256, manifest, status };
}

/**
 * The files that are published with the bytes we hold, in the form of `sha256sum`, sorted by name, ready for
 * `sha256sum --check` and for attesting. Skipped and planned ones are left out: what is published is not what we hold.
 * `lineEnd` is that of the machine: actions/attest splits at its own, and takes all lines for one name if they differ.
 */
export function checksumsOf(report: Report, lineEnd: string): string {
  const files = publishedOf(report).flatMap((version) => version.files);
  return files
    .filter(({ status }) => status === 'published' || status === 'replaced' || status === 'unchanged')
    .sort((a, b) => byText(a.file, b.file))
    .map(({ file, sha256 }) => `${sha256}  ${file}${lineEnd}`)
    .join('');
}
