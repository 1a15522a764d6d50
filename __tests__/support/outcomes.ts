import { digestFromHex } from '../../src/core/digest.js';
import { UserError } from '../../src/core/errors.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import type {
  AttachmentOutcome,
  FailedVersion,
  FileOutcome,
  Outcome,
  PublishedVersion,
} from '../../src/publish/report/outcome.js';
import type { Address, Report } from '../../src/publish/report/report.js';

export const GHCR: Address = {
  registry: 'ghcr.io',
  scheme: 'https',
  namespace: 'octo-org',
  folder: undefined,
  pyociUrl: 'https://pyoci.com',
};

/** A digest that a reader of a test can tell from others. */
export function digest(character: string): ReturnType<typeof digestFromHex> {
  return digestFromHex(character.repeat(64));
}

export function fileOutcome(given: Partial<FileOutcome> = {}): FileOutcome {
  const file = given.file ?? 'demo-1.0.tar.gz';
  const status = 'published';
  return { file, path: `dist/${file}`, size: 43_008, sha256: 'a'.repeat(64), manifest: digest('b'), status, ...given };
}

export function attachmentOutcome(given: Partial<AttachmentOutcome> = {}): AttachmentOutcome {
  const file = given.file ?? 'demo-1.0.tar.gz.publish.attestation';
  return {
    file,
    path: `dist/${file}`,
    type: 'attestation',
    about: 'demo-1.0.tar.gz',
    size: 5_832,
    sha256: '9'.repeat(64),
    manifest: digest('8'),
    status: 'published',
    ...given,
  };
}

export function publishedVersion(given: Partial<PublishedVersion> = {}): PublishedVersion {
  const files = given.files ?? [fileOutcome()];
  return {
    ok: true,
    name: 'demo',
    version: '1.0',
    repository: parseRepositoryName('octo-org/demo'),
    tag: parseTag('1.0'),
    image: 'ghcr.io/octo-org/demo:1.0',
    digest: digest('c'),
    listed: files.map(({ file, sha256, manifest }) => ({ architecture: '.tar.gz', file, sha256, manifest })),
    attachments: [],
    protection: undefined,
    ...given,
    files,
  };
}

export function failedVersion(given: Partial<FailedVersion> = {}): FailedVersion {
  return {
    ok: false,
    name: 'demo',
    version: '2.0',
    repository: parseRepositoryName('octo-org/demo'),
    tag: parseTag('2.0'),
    image: 'ghcr.io/octo-org/demo:2.0',
    error: new UserError('Cannot publish to ghcr.io/octo-org/demo:2.0: it is published already', {
      hint: 'raise the version',
    }),
    filenames: ['demo-2.0.tar.gz'],
    ...given,
  };
}

export function outcome(given: Partial<Outcome> = {}): Outcome {
  return { dryRun: false, versions: [publishedVersion()], warnings: [], ...given };
}

export function report(given: Partial<Report> = {}): Report {
  return { address: GHCR, outcome: outcome(), error: undefined, ...given };
}
