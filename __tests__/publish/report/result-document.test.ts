import { FilesError } from '../../../src/core/errors.js';
import { resultDocument } from '../../../src/publish/report/result-document.js';
import { ATTACKS } from '../../support/attacks.js';
import { digest, failedVersion, fileOutcome, outcome, publishedVersion, report } from '../../support/outcomes.js';

describe('the result document', () => {
  it('holds everything about published and failed versions', () => {
    const versions = [publishedVersion(), failedVersion()];
    expect(JSON.parse(resultDocument(report({ outcome: outcome({ versions, warnings: ['mind this'] }) })))).toEqual({
      ok: false,
      dryRun: false,
      registry: 'ghcr.io',
      namespace: 'octo-org',
      indexUrl: 'https://pyoci.com/ghcr.io/octo-org/',
      versions: [
        {
          name: 'demo',
          version: '1.0',
          repository: 'octo-org/demo',
          tag: '1.0',
          image: 'ghcr.io/octo-org/demo:1.0',
          ok: true,
          digest: digest('c'),
          files: [
            {
              file: 'demo-1.0.tar.gz',
              path: 'dist/demo-1.0.tar.gz',
              size: 43_008,
              sha256: 'a'.repeat(64),
              manifest: digest('b'),
              status: 'published',
            },
          ],
          attachments: [],
          listed: [{ architecture: '.tar.gz', file: 'demo-1.0.tar.gz', sha256: 'a'.repeat(64), manifest: digest('b') }],
        },
        {
          name: 'demo',
          version: '2.0',
          repository: 'octo-org/demo',
          tag: '2.0',
          image: 'ghcr.io/octo-org/demo:2.0',
          ok: false,
          filenames: ['demo-2.0.tar.gz'],
          message: 'Cannot publish to ghcr.io/octo-org/demo:2.0: it is published already',
          hint: 'raise the version',
        },
      ],
      warnings: ['mind this'],
      errors: [],
    });
  });

  it('holds the problems of files, warnings too, where nothing was published', () => {
    const error = new FilesError([
      { severity: 'warning', file: 'a.whl', message: 'it has no summary' },
      { severity: 'error', file: 'a.whl', message: 'it is empty', hint: 'build it again' },
    ]);
    expect(JSON.parse(resultDocument({ address: undefined, outcome: undefined, error }))).toMatchObject({
      ok: false,
      versions: [],
      errors: [
        { severity: 'error', file: 'a.whl', message: 'it is empty', hint: 'build it again' },
        { severity: 'warning', file: 'a.whl', message: 'it has no summary' },
      ],
    });
  });

  it.each(ATTACKS)('can be printed anywhere, and still says the same: %j', (attack) => {
    const versions = [publishedVersion({ files: [fileOutcome({ path: attack })] })];
    const text = resultDocument(report({ outcome: outcome({ versions, warnings: [attack] }) }));
    expect(JSON.parse(text)).toMatchObject({ warnings: [attack], versions: [{ files: [{ path: attack }] }] });
    expect(text).not.toMatch(/##\[/);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}/u);
  });
});
