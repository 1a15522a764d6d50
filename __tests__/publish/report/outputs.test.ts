import { checksumsOf, outputsOf } from '../../../src/publish/report/outputs.js';
import { subjectsOf } from '../../support/attest-subjects.js';
import {
  attachmentOutcome,
  digest,
  failedVersion,
  fileOutcome,
  GHCR,
  outcome,
  publishedVersion,
  report,
} from '../../support/outcomes.js';

const TWO = report({
  outcome: outcome({
    versions: [
      publishedVersion({
        files: [
          fileOutcome({ file: 'demo-1.0.tar.gz', status: 'unchanged' }),
          fileOutcome({ file: 'demo-1.0-py3-none-any.whl', sha256: 'd'.repeat(64), status: 'skipped' }),
        ],
      }),
      failedVersion(),
      publishedVersion({
        name: 'other',
        version: '3.0+cpu',
        image: 'ghcr.io/octo-org/other:3.0-cpu',
        digest: digest('e'),
        files: [fileOutcome({ file: 'Other-3.0+cpu.tar.gz', sha256: 'f'.repeat(64), status: 'replaced' })],
      }),
    ],
  }),
});

describe('outputs', () => {
  it('hold one line a published version, and nothing of a failed one', () => {
    expect(outputsOf(TWO)).toMatchObject({
      name: 'demo\nother',
      version: '1.0\n3.0+cpu',
      image: 'ghcr.io/octo-org/demo:1.0\nghcr.io/octo-org/other:3.0-cpu',
      digest: `${digest('c')}\n${digest('e')}`,
      'index-url': 'https://pyoci.com/ghcr.io/octo-org/',
    });
  });

  it('list the files of all versions with four members each', () => {
    expect(JSON.parse(outputsOf(TWO).files)).toEqual([
      { file: 'demo-1.0.tar.gz', sha256: 'a'.repeat(64), manifest: digest('b'), status: 'unchanged' },
      { file: 'demo-1.0-py3-none-any.whl', sha256: 'd'.repeat(64), manifest: digest('b'), status: 'skipped' },
      { file: 'Other-3.0+cpu.tar.gz', sha256: 'f'.repeat(64), manifest: digest('b'), status: 'replaced' },
    ]);
  });

  it('list attachments apart from files, without where they lie', () => {
    const attachments = [
      attachmentOutcome(),
      attachmentOutcome({ file: 'sbom.json', type: 'sbom', about: undefined, status: 'kept' }),
    ];
    const { files, attachments: told } = outputsOf(
      report({ outcome: outcome({ versions: [publishedVersion({ attachments })] }) }),
    );
    expect(JSON.parse(files)).toHaveLength(1);
    expect(JSON.parse(told)).toEqual([
      {
        file: 'demo-1.0.tar.gz.publish.attestation',
        type: 'attestation',
        about: 'demo-1.0.tar.gz',
        sha256: '9'.repeat(64),
        manifest: digest('8'),
        status: 'published',
      },
      { file: 'sbom.json', type: 'sbom', sha256: '9'.repeat(64), manifest: digest('8'), status: 'kept' },
    ]);
  });

  it('keep their lines in step where a dry run met a version without an index', () => {
    const versions = [publishedVersion({ digest: undefined }), publishedVersion({ name: 'other' })];
    const { name, digest: digests } = outputsOf(report({ outcome: outcome({ dryRun: true, versions }) }));
    expect([name.split('\n').length, digests]).toEqual([2, `\n${digest('c')}`]);
  });

  it('name the registry with its scheme where it speaks plain http', () => {
    const address = { ...GHCR, registry: 'localhost:5000', scheme: 'http' as const };
    expect(outputsOf(report({ address }))['index-url']).toBe(
      'https://pyoci.com/http%3A%2F%2Flocalhost%3A5000/octo-org/',
    );
  });

  it('have no index URL for a folder, which PyOCI does not read', () => {
    const address = { ...GHCR, registry: undefined, folder: 'oci' };
    expect(outputsOf(report({ address }))['index-url']).toBe('');
  });

  it('are empty where nothing came to be', () => {
    expect(outputsOf({ address: undefined, outcome: undefined, error: new Error('x') })).toEqual({
      name: '',
      version: '',
      image: '',
      digest: '',
      'index-url': '',
      files: '[]',
      attachments: '[]',
    });
  });
});

describe('checksums', () => {
  it('are those of sha256sum, by base name in order, of the files that are published with our bytes', () => {
    expect(checksumsOf(TWO, '\n')).toBe(
      `${'f'.repeat(64)}  Other-3.0+cpu.tar.gz\n${'a'.repeat(64)}  demo-1.0.tar.gz\n`,
    );
  });

  it('are none in a dry run', () => {
    const versions = [publishedVersion({ files: [fileOutcome({ status: 'planned' })] })];
    expect(checksumsOf(report({ outcome: outcome({ dryRun: true, versions }) }), '\n')).toBe('');
  });

  it.each([
    ['Linux and macOS', '\n'],
    ['Windows', '\r\n'],
  ])('are to actions/attest on %s one subject a file, by its name alone', (_, lineEnd) => {
    const path = String.raw`D:\a\demo\dist\demo-1.0.tar.gz`;
    const files = [fileOutcome({ path }), fileOutcome({ file: 'demo-1.0-py3-none-any.whl', sha256: 'd'.repeat(64) })];
    const checksums = checksumsOf(report({ outcome: outcome({ versions: [publishedVersion({ files })] }) }), lineEnd);
    expect(subjectsOf(checksums, lineEnd)).toEqual([
      `${'d'.repeat(64)} demo-1.0-py3-none-any.whl`,
      `${'a'.repeat(64)} demo-1.0.tar.gz`,
    ]);
  });

  it('would be to actions/attest a single file of a strange name if lines ended otherwise than on its machine', () => {
    const files = [fileOutcome(), fileOutcome({ file: 'demo-1.0-py3-none-any.whl' })];
    const checksums = checksumsOf(report({ outcome: outcome({ versions: [publishedVersion({ files })] }) }), '\n');
    expect(subjectsOf(checksums, '\r\n')).toHaveLength(1);
  });
});
