import { memoryBytes } from '../../../src/core/bytes.js';
import { digestOf } from '../../../src/core/digest.js';
import { OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { conflictError, planNew, planTaken, type Standing } from '../../../src/publish/plan/plan.js';
import { studyTags } from '../../../src/publish/plan/tag-findings.js';
import type { Distribution } from '../../../src/python/distribution.js';
import { parseVersion, type Version } from '../../../src/python/version.js';

const OURS = 'a'.repeat(64);
const THEIRS = 'b'.repeat(64);

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(`${text} is no version`);
  return parsed;
}

const file: Distribution = {
  kind: 'wheel',
  path: 'dist/foo-1.0-py3-none-any.whl',
  filename: 'foo-1.0-py3-none-any.whl',
  bytes: memoryBytes(Buffer.from('x')),
  project: 'foo',
  version: version('1.0'),
  architecture: 'py3-none-any.whl',
  metadata: {
    metadataVersion: '2.1',
    name: 'foo',
    version: '1.0',
    summary: undefined,
    requiresPython: undefined,
    licenseExpression: undefined,
    author: undefined,
    authorEmail: undefined,
    homePage: undefined,
    projectUrls: [],
    labels: [],
  },
  coreMetadata: undefined,
};

const entry = {
  architecture: file.architecture,
  sha256: THEIRS,
  descriptor: { mediaType: OCI_MANIFEST, digest: digestOf(Buffer.from('m')), size: 1 },
};
const standing = (sha256: string | undefined, readable = true): Standing => ({ entry, sha256, readable });

describe('a file whose name is free', () => {
  it('is pushed, and needs no hash for that decision', () => {
    expect(planNew(file)).toEqual({ decision: 'push', file, sha256: undefined, replaces: undefined });
  });
});

describe('a file whose name is taken', () => {
  it.each(['error', 'skip', 'replace'] as const)('by the same bytes is unchanged, with if-exists %s', (ifExists) => {
    expect(planTaken(file, OURS, standing(OURS), ifExists)).toMatchObject({
      decision: 'unchanged',
      sha256: OURS,
      entry,
    });
  });

  it.each(['error', 'skip'] as const)(
    'by a manifest that is gone is published again, with if-exists %s',
    (ifExists) => {
      const replaces = { sha256: OURS, manifest: entry.descriptor.digest };
      expect(planTaken(file, OURS, standing(OURS, false), ifExists)).toMatchObject({ decision: 'push', replaces });
      expect(planTaken(file, OURS, standing(undefined, false), ifExists)).toMatchObject({ decision: 'push' });
    },
  );

  it('by other bytes is a conflict that names the file and both digests', () => {
    const plan = planTaken(file, OURS, standing(THEIRS), 'error');
    expect(plan).toEqual({ decision: 'conflict', file, there: THEIRS, here: OURS });
    const conflict = plan as Extract<typeof plan, { decision: 'conflict' }>;
    expect(conflictError('r/o/foo:1.0', [conflict])).toMatchObject({
      message: `Cannot publish to r/o/foo:1.0: ${file.filename} is published already with other bytes: sha256:${THEIRS} there, sha256:${OURS} here`,
      digests: [{ there: THEIRS, here: OURS }],
    });
  });

  it('by other bytes is skipped or replaced where that was asked for', () => {
    expect(planTaken(file, OURS, standing(THEIRS), 'skip')).toMatchObject({ decision: 'skip', entry });
    expect(planTaken(file, OURS, standing(THEIRS), 'replace')).toMatchObject({
      decision: 'push',
      sha256: OURS,
      replaces: { sha256: THEIRS, manifest: entry.descriptor.digest },
    });
  });

  it('by other bytes is a conflict though their manifest is gone, since someone may have locked their hash', () => {
    expect(planTaken(file, OURS, standing(THEIRS, false), 'error')).toMatchObject({ decision: 'conflict' });
  });
});

describe('the tags of a repository', () => {
  it('are foreign where they are no version, `-` read as `+`', () => {
    const tags = ['1.0', '1.0-local', 'latest', 'sha256-0123', 'sha256-0123.sig', '2.0rc1', 'v1'];
    expect(studyTags(tags, '3.0', version('3.0')).foreign).toEqual(['latest', 'sha256-0123', 'sha256-0123.sig']);
  });

  it.each([
    ['1.0', ['1.0.0'], '1.0.0'],
    ['1.0rc1', ['1.0RC1'], '1.0RC1'],
    ['1.0', ['1.0'], undefined],
    ['1.0', ['1.0-local', '1.1', 'latest'], undefined],
  ])('hold the version %s in another spelling, among %j: %s', (text, tags, twin) => {
    expect(studyTags(tags, text, version(text)).twin).toBe(twin);
  });

  it('leave a version out of PyOCI list when a hundred others stand behind it in string order', () => {
    const tags = Array.from({ length: 100 }, (_, index) => `9.${index}`);
    expect(studyTags(tags, '10.0', version('10.0')).beyond).toBe(true);
    expect(studyTags(tags, '9.999', version('9.999')).beyond).toBe(false);
    expect(studyTags(tags.slice(1), '10.0', version('10.0')).beyond).toBe(false);
  });
});
