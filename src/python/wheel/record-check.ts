import { isUtf8 } from 'node:buffer';
import { quoted } from '../archive/archive-error.js';
import { type OnProblem, refusal, SAVE_AS_UTF8, warning } from '../problem.js';
import { type RecordRow, recordRows } from './record.js';
import type { ZipMember } from './zip/zip-directory.js';

const COLUMNS = 3;
const LARGEST_SIZE = 2n ** 64n - 1n;
/** `wheel unpack` stops at such a RECORD itself. */
const REWRITE =
  'let the build backend write RECORD. By hand: python -m zipfile -e FILE FOLDER, then python -m wheel pack FOLDER';

/**
 * Reports what pip or uv refuse a RECORD for, and what the members of the wheel make untrue in it. Neither of them looks
 * at its hashes and sizes, and to check those would be to unpack the wheel.
 *
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 */
export function checkRecord(
  record: Buffer,
  members: ReadonlyMap<string, ZipMember>,
  distInfo: string,
  report: OnProblem,
): void {
  if (!isUtf8(record)) {
    report(refusal('its RECORD is not UTF-8: pip and uv refuse to install it', SAVE_AS_UTF8));
    return;
  }
  // RECORD lists every file but its signatures, and itself as a rule.
  const listed = new Set(['RECORD', 'RECORD.jws', 'RECORD.p7s'].map((name) => `${distInfo}/${name}`));
  const gone = new Names();
  let row = 0;
  let columns: number | undefined;
  for (const found of recordRows(record.toString())) {
    row += 1;
    const broken = brokenRow(found, columns);
    if (broken !== undefined) {
      report(refusal(`row ${row} of its RECORD ${broken}`, REWRITE));
      return;
    }
    columns = found.columns;
    if (members.has(found.path)) listed.add(found.path);
    else gone.add(found.path);
  }
  if (columns !== undefined && columns > COLUMNS) {
    report(warning(`its RECORD has ${columns} columns in place of ${COLUMNS}: pip warns about each row`, REWRITE));
  }
  const missing = new Names();
  for (const name of members.keys()) if (!name.endsWith('/') && !listed.has(name)) missing.add(name);
  if (missing.count) {
    report(warning(`its RECORD does not list ${missing.text()}, which installers may refuse one day`, REWRITE));
  }
  if (gone.count) {
    report(
      warning(`its RECORD lists ${gone.text()}, which it does not hold: installers may refuse it one day`, REWRITE),
    );
  }
}

/** What pip or uv stop at in a row, in words. */
function brokenRow({ columns, size }: RecordRow, before: number | undefined): string | undefined {
  if (columns === 0) return 'is an empty line, at which pip fails';
  if (columns < COLUMNS) return `has ${columns} of ${COLUMNS} columns (path, hash, size): uv refuses to install it`;
  if (before !== undefined && columns !== before) {
    return `has ${columns} columns, the one before ${before}: uv refuses to install it. Is a comma in a path not quoted?`;
  }
  if (size === '' || (/^\+?[0-9]{1,40}$/.test(size) && BigInt(size) <= LARGEST_SIZE)) return undefined;
  return `gives the size ${quoted(size)}, which is no number of bytes: uv refuses to install it`;
}

/** The first of some names, and how many others there are. */
class Names {
  #first: string | undefined;
  count = 0;

  add(name: string): void {
    this.#first ??= name;
    this.count += 1;
  }

  text(): string {
    const others = this.count > 1 ? ` and ${this.count - 1} more` : '';
    return `${quoted(this.#first ?? '')}${others}`;
  }
}
