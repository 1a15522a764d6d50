// node scripts/release-notes.mjs vX.Y.Z: prints what CHANGELOG.md says of that version. Fails if package.json has
// another version, or the changelog has no section of it or an empty one.
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const [tag = ''] = process.argv.slice(2);
const version = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
if (version === undefined) fail(`found "${tag}", expected a tag as in v1.2.3`);

const stated = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version;
if (stated !== version) fail(`package.json has version ${stated}; set it to ${version}, build, commit and tag again`);

const sections = readFileSync(new URL('CHANGELOG.md', root), 'utf8').split(/^## /m).slice(1);
const section = sections.find((text) => text.startsWith(`[${version}]`));
if (section === undefined) fail(`CHANGELOG.md has no section "## [${version}]"; give Unreleased this name and a date`);

const notes = section
  .slice(section.indexOf('\n'))
  .replace(/^\[[^\]]+\]: .*$/gm, '')
  .trim();
if (notes === '') fail(`CHANGELOG.md says nothing of ${version}`);
process.stdout.write(`${notes}\n`);

function fail(state) {
  process.stderr.write(`Cannot write the release notes: ${state}\n`);
  process.exit(1);
}
