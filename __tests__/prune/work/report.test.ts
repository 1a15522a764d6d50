import { digestOf } from '../../../src/core/digest.js';
import type { Fate } from '../../../src/prune/plan.js';
import type { Pruned } from '../../../src/prune/work/job.js';
import { prunedLines, prunedMarkdown, prunedMembers, versionsGone } from '../../../src/prune/work/report.js';
import { parseVersion } from '../../../src/python/version.js';

const digest = (text: string) => digestOf(Buffer.from(text));

function fate(text: string, also: Partial<Fate> = {}): Fate {
  const version = parseVersion(text);
  if (!version) throw new Error(`no version: ${text}`);
  const created = Date.parse('2026-01-02T03:04:05Z');
  return { tag: text, version, digest: digest(text), created, class: 'dev', goes: true, why: 'dev', ...also };
}

const PLAN: Pruned = {
  image: 'ghcr.io/o/foo',
  applied: false,
  fates: [fate('1.0.dev10'), fate('1.0.dev9', { created: undefined }), fate('0.9', { class: 'final', goes: false })],
  others: [{ tag: 'evil|<b>`', digest: digest('x'), why: 'it holds no Python package' }],
  loose: [digest('loose')],
  deleted: [],
  restore: 'gh api --method POST /orgs/o/packages/container/foo/versions/ID/restore',
  failures: [],
};
const DONE: Pruned = {
  ...PLAN,
  applied: true,
  deleted: [
    { digest: digest('1.0.dev10'), id: 7, kind: 'index' },
    { digest: digest('loose'), id: 8, kind: 'manifest' },
  ],
};

describe('what a prune tells', () => {
  it('is a table for people, and how to go on', () => {
    expect(prunedLines(PLAN, 'add --apply')).toEqual([
      'ghcr.io/o/foo: 2 of 3 versions go (2 dev, 1 final)',
      '  goes   1.0.dev10  dev    2026-01-02  dev',
      '  goes   1.0.dev9   dev    no date     dev',
      '  stays  0.9        final  2026-01-02  dev',
      '  stays, since it is no version of ours: the tag evil|<b>` (it holds no Python package)',
      '  one manifest without a version goes, too',
      'Nothing was deleted. To delete what goes: add --apply',
    ]);
  });

  it('is what was deleted, what was not, and how to have it back', () => {
    expect(prunedLines(DONE, 'add --apply')).toEqual([
      'ghcr.io/o/foo: 1 of 3 versions was deleted (2 dev, 1 final)',
      '  deleted      1.0.dev10  dev    2026-01-02  dev',
      '  not deleted  1.0.dev9   dev    no date     dev',
      '  stays        0.9        final  2026-01-02  dev',
      '  stays, since it is no version of ours: the tag evil|<b>` (it holds no Python package)',
      '  one manifest without a version, 1 deleted',
      'To have something back within 30 days, each id by itself: gh api --method POST /orgs/o/packages/container/foo/versions/ID/restore',
      'Ids: 7 (1.0.dev10), 8 (a file of a version)',
    ]);
    expect(versionsGone([PLAN, DONE])).toBe(1);
  });

  it('is Markdown in which nothing that others wrote does anything', () => {
    const text = prunedMarkdown(PLAN, 'set `apply: true`');
    expect(text).toContain('- <code>evil&#124;&#60;b&#62;&#96;</code> stays');
    expect(text).toContain(
      '| <code>goes</code> | <code>1.0.dev10</code> | <code>dev</code> | <code>2026-01-02</code> |',
    );
  });

  it('is counted where a summary would be too long', () => {
    const many = Array.from({ length: 501 }, (_, at) => fate(`1.0.dev${at}`));
    expect(prunedMarkdown({ ...PLAN, fates: many }, '')).toContain('and 1 more versions');
  });

  it('is what programs read', () => {
    expect(prunedMembers(DONE)).toMatchObject({
      image: 'ghcr.io/o/foo',
      applied: true,
      versions: [
        { version: '1.0.dev10', created: '2026-01-02T03:04:05Z', goes: true, deleted: true, id: 7 },
        { deleted: false },
        { goes: false, deleted: false },
      ],
      otherTags: [{ tag: 'evil|<b>`' }],
      untagged: [digest('loose')],
      restore: PLAN.restore,
    });
    expect(prunedMembers(PLAN)).toMatchObject({ deleted: [], restore: undefined });
  });
});
