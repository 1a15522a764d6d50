import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-03-01

### Added

- Publish faster.

## [1.1.0] - 2026-02-01

## [1.0.0] - 2026-01-01

- The first.

[1.2.0]: https://example.com/compare
`;

const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-notes-'));
cpSync('scripts/release-notes.mjs', join(folder, 'scripts/release-notes.mjs'));
writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function notesOf(tag: string, version = tag.slice(1)) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
  return spawnSync(process.execPath, [join(folder, 'scripts/release-notes.mjs'), tag], { encoding: 'utf8' });
}

describe('the notes of a release', () => {
  it('are what the changelog says of that version, and no more', () => {
    expect(notesOf('v1.2.0')).toMatchObject({ status: 0, stdout: '### Added\n\n- Publish faster.\n' });
    expect(notesOf('v1.0.0')).toMatchObject({ status: 0, stdout: '- The first.\n' });
  });

  it.each([
    ['a tag that is no version', 'release-1', '1', 'found "release-1", expected a tag'],
    ['another version in package.json', 'v1.2.0', '1.1.9', 'package.json has version 1.1.9'],
    ['a version that the changelog does not have', 'v1.3.0', '1.3.0', 'has no section "## [1.3.0]"'],
    ['a version of which it says nothing', 'v1.1.0', '1.1.0', 'says nothing of 1.1.0'],
  ])('stop the release for %s', (_what, tag, version, reason) => {
    const { status, stdout, stderr } = notesOf(tag, version);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`Cannot write the release notes: `);
    expect(stderr).toContain(reason);
  });
});
