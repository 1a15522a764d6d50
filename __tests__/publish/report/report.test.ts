import { FilesError } from '../../../src/core/errors.js';
import { failureText } from '../../../src/core/failure.js';
import type { FileOutcome } from '../../../src/publish/report/outcome.js';
import { failuresOf } from '../../../src/publish/report/report.js';
import { reportLines } from '../../../src/publish/report/report-lines.js';
import {
  attachmentOutcome,
  digest,
  failedVersion,
  fileOutcome,
  outcome,
  publishedVersion,
  report,
} from '../../support/outcomes.js';

describe('failures', () => {
  it('are none of a run that succeeded', () => {
    expect(failuresOf(report())).toEqual([]);
  });

  it('name the version that failed, and its cure', () => {
    const failures = failuresOf(report({ outcome: outcome({ versions: [publishedVersion(), failedVersion()] }) }));
    expect(failures.map(failureText)).toEqual([
      'demo 2.0: Cannot publish to ghcr.io/octo-org/demo:2.0: it is published already\nTo fix it: raise the version',
    ]);
  });

  it('name each file that failed its checks, warnings left out', () => {
    const error = new FilesError([
      { severity: 'error', file: 'dist/a.whl', message: 'it is no ZIP file', hint: 'build it again' },
      { severity: 'warning', file: 'dist/a.whl', message: 'it has no summary' },
      { severity: 'error', file: 'dist/b.whl', message: 'it is empty' },
    ]);
    expect(failuresOf(report({ outcome: undefined, error }))).toEqual([
      { subject: 'dist/a.whl', file: 'dist/a.whl', message: 'it is no ZIP file', hint: 'build it again' },
      { subject: 'dist/b.whl', file: 'dist/b.whl', message: 'it is empty', hint: undefined },
    ]);
  });
});

describe('the lines of a report', () => {
  it('name each version, where it is, its files and how it was protected', () => {
    const files = [fileOutcome(), fileOutcome({ file: 'demo-1.0-py3-none-any.whl', size: 512, status: 'unchanged' })];
    const others = { architecture: 'cp312-cp312-any.whl', file: 'x.whl', sha256: undefined, manifest: digest('9') };
    const version = publishedVersion({ files, protection: 'Protected by timing only.' });
    const versions = [{ ...version, listed: [...version.listed, others] }];
    expect(reportLines(report({ outcome: outcome({ versions }) }))).toEqual([
      'demo 1.0: 1 published, 1 unchanged',
      `  ghcr.io/octo-org/demo:1.0@${digest('c')}`,
      '  published  demo-1.0.tar.gz (42.0 KiB)',
      '  unchanged  demo-1.0-py3-none-any.whl (512 B)',
      '  and one file of this version that stood there before',
      '  Protected by timing only.',
      'Index URL for pip and uv: https://pyoci.com/ghcr.io/octo-org/',
    ]);
  });

  it('count attachments apart from files, or alone', () => {
    const attachments = [attachmentOutcome(), attachmentOutcome({ file: 'sbom.json', type: 'sbom', status: 'kept' })];
    const lines = (files: readonly FileOutcome[]) =>
      reportLines(report({ outcome: outcome({ versions: [publishedVersion({ files, attachments })] }) }));
    expect(lines([fileOutcome()])).toEqual([
      'demo 1.0: 1 published; attachments: 1 published, 1 kept',
      expect.any(String),
      '  published  demo-1.0.tar.gz (42.0 KiB)',
      '  published  demo-1.0.tar.gz.publish.attestation (attestation, 5.7 KiB)',
      '  kept       sbom.json (sbom, 5.7 KiB)',
      expect.any(String),
    ]);
    expect(lines([])[0]).toBe('demo 1.0: attachments: 1 published, 1 kept');
  });

  it('say so where nothing was written', () => {
    const versions = [publishedVersion({ digest: undefined, files: [fileOutcome({ status: 'planned' })] })];
    expect(reportLines(report({ outcome: outcome({ dryRun: true, versions }) }))).toEqual([
      'demo 1.0: 1 planned',
      '  ghcr.io/octo-org/demo:1.0',
      '  planned    demo-1.0.tar.gz (42.0 KiB)',
      'Dry run: nothing was written',
    ]);
  });
});
