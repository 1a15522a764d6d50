import { readFileSync } from 'node:fs';
import { FilesError } from '../../../src/core/errors.js';
import { summaryOf } from '../../../src/publish/report/summary.js';
import { ATTACKS } from '../../support/attacks.js';
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

function golden(name: string): string {
  return readFileSync(`__tests__/publish/report/golden/${name}.md.golden`, 'utf8');
}

const WHEEL = fileOutcome({
  file: 'demo-1.0-py3-none-any.whl',
  size: 88_064,
  sha256: 'd'.repeat(64),
  status: 'unchanged',
});
const FROM_OTHERS = {
  architecture: 'cp312-cp312-any.whl',
  file: 'demo-1.0-cp312-cp312-any.whl',
  sha256: undefined,
  manifest: digest('9'),
};

describe('the summary', () => {
  it('shows what was published, what failed and how to cure it, warnings, and how to install', () => {
    const version = publishedVersion({ files: [fileOutcome(), WHEEL], protection: 'Held still for 2 s.' });
    const versions = [{ ...version, listed: [...version.listed, FROM_OTHERS] }, failedVersion()];
    const warnings = ['PyOCI cannot list octo-org/demo: the tag "latest" is no version'];
    expect(summaryOf(report({ outcome: outcome({ versions, warnings }) }))).toBe(golden('published'));
  });

  it('shows attachments apart from files, each with what it is about', () => {
    const attachments = [
      attachmentOutcome({ status: 'kept' }),
      attachmentOutcome({ file: 'a|b <i>.json', type: 'sbom', about: undefined }),
    ];
    const text = summaryOf(report({ outcome: outcome({ versions: [publishedVersion({ attachments })] }) }));
    expect(text).toContain(
      [
        '',
        '| Attachment | Type | Of | Size | Status |',
        '| :--- | :--- | :--- | ---: | :--- |',
        '| `demo-1.0.tar.gz.publish.attestation` | attestation | `demo-1.0.tar.gz` | 5.7&nbsp;KiB | kept |',
        '| <code>a&#124;b &#60;i&#62;.json</code> | sbom | the version | 5.7&nbsp;KiB | published |',
        '',
      ].join('\n'),
    );
  });

  it('says of a dry run that nothing was written, and how nothing could be installed', () => {
    const versions = [publishedVersion({ digest: undefined, listed: [], files: [fileOutcome({ status: 'planned' })] })];
    expect(summaryOf(report({ outcome: outcome({ dryRun: true, versions }) }))).toBe(golden('dry-run'));
  });

  it('shows every file that failed its checks', () => {
    const error = new FilesError([
      { severity: 'error', file: 'dist/a.whl', message: 'it is no ZIP file', hint: 'build it again' },
      { severity: 'error', file: 'dist/b.whl', message: 'it is empty' },
    ]);
    expect(summaryOf({ address: undefined, outcome: undefined, error })).toBe(golden('failed-checks'));
  });

  it('names the folder, and no way to install, where a layout was written', () => {
    const address = { ...GHCR, registry: undefined, folder: 'out/oci' };
    const text = summaryOf(report({ address }));
    expect(text).toContain('## demo 1.0 in `out/oci`');
    expect(text).not.toMatch(/pip|uv/);
  });

  it('says so where there was nothing to publish', () => {
    expect(summaryOf(report({ address: undefined, outcome: outcome({ versions: [] }) }))).toBe(
      '## There was nothing to publish\n\n',
    );
  });

  it('stays far below the 1 MiB at which a runner drops it, however much there is, and says what is missing', () => {
    const files = Array.from({ length: 5_000 }, (_, at) => fileOutcome({ file: `${'[x]'.repeat(80)}${at}` }));
    const text = summaryOf(report({ outcome: outcome({ versions: [publishedVersion({ files })] }) }));
    expect(Buffer.byteLength(text)).toBeLessThan(600 * 1024);
    expect(text).toMatch(/_[0-9]+ more lines are left out here; the output `result` has everything\._\n$/);
  });

  it('says equal warnings once, with how often, and shows what is in backticks as code', () => {
    const warnings = ['set `a-b` to <b>', 'other', 'set `a-b` to <b>', 'one ` alone'];
    const text = summaryOf(report({ outcome: outcome({ warnings }) }));
    expect(text).toContain(
      '### Warnings\n\n- set <code>a-b</code> to &#60;b&#62; (2 times)\n- other\n- one &#96; alone\n\n',
    );
  });

  it('folds files and warnings where there are more than ten', () => {
    const fold = (count: number) => {
      const files = Array.from({ length: count }, (_, at) => fileOutcome({ file: `demo-${at}.whl` }));
      const warnings = files.map(({ file }) => `${file}: odd`);
      const versions = [publishedVersion({ files, listed: [] })];
      return summaryOf(report({ outcome: outcome({ versions, warnings }) })).match(/<summary>.*<\/summary>/g);
    };
    expect(fold(10)).toEqual(['<summary>SHA-256</summary>']);
    expect(fold(11)).toEqual([
      '<summary>11 warnings</summary>',
      '<summary>11 files</summary>',
      '<summary>SHA-256</summary>',
    ]);
  });

  it('closes all folds that it opens, even where it is cut', () => {
    const files = Array.from({ length: 30 }, (_, at) => fileOutcome({ file: `${'[x]'.repeat(600)}${at}` }));
    const versions = Array.from({ length: 20 }, () => publishedVersion({ files }));
    const text = summaryOf(report({ outcome: outcome({ versions }) }));
    expect(text).toContain('more lines are left out');
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it('ends all code that it begins, even where it is cut', () => {
    const versions = Array.from({ length: 9_000 }, (_, at) => publishedVersion({ version: `1.${at}`, files: [] }));
    const fences = summaryOf(report({ outcome: outcome({ versions }) })).match(/^```/gm) ?? [];
    expect(fences.length % 2).toBe(0);
  });

  it.each(ATTACKS)('lets no text from outside add a row, a link, a page element or a command: %j', (attack) => {
    const versions = [
      publishedVersion({
        name: attack,
        version: attack,
        image: attack,
        protection: attack,
        files: [fileOutcome({ file: attack })],
      }),
      failedVersion({ version: attack }),
    ];
    const error = new Error(attack);
    const text = summaryOf(report({ outcome: outcome({ versions, warnings: [attack] }), error }));
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.match(/\|/g)).toHaveLength(4);
    const ours = text
      .replace(/&#[0-9]+;/g, '')
      .replace(/`[^`\n]*`|<\/?code>|<br>|<\/?sub>|<\/?details>|<\/?summary>|\[!CAUTION\]/g, '');
    expect(ours).not.toMatch(/[<[\]@$~]|https?:\/\/evil|\p{Cf}|[^\n\P{Cc}]/u);
  });
});
