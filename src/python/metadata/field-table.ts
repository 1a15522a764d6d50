import { quoted } from '../archive/archive-error.js';
import { type OnProblem, warning } from '../problem.js';
import type { Fields } from './fields.js';

/** Which version of core metadata brought which fields. */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  '1.0': [
    ...['Metadata-Version', 'Name', 'Version', 'Platform', 'Summary', 'Description', 'Keywords', 'Home-page', 'Author'],
    ...['Author-email', 'License'],
  ],
  '1.1': ['Supported-Platform', 'Download-URL', 'Classifier', 'Requires', 'Provides', 'Obsoletes'],
  '1.2': [
    ...['Maintainer', 'Maintainer-email', 'Requires-Dist', 'Requires-Python', 'Requires-External', 'Project-URL'],
    ...['Provides-Dist', 'Obsoletes-Dist'],
  ],
  '2.1': ['Description-Content-Type', 'Provides-Extra'],
  '2.2': ['Dynamic'],
  '2.4': ['License-Expression', 'License-File'],
  '2.5': ['Import-Name', 'Import-Namespace'],
};

/** The names of all fields in small letters, each with its name as usually written and the version that brought it. */
export const FIELD_TABLE: ReadonlyMap<string, { readonly name: string; readonly since: string }> = new Map(
  Object.entries(BROUGHT).flatMap(([since, names]) => names.map((name) => [name.toLowerCase(), { name, since }])),
);

/** Old setuptools wrote it below the version that brought it, and twine leaves it out then. */
const FORGIVEN = 'license-file';
/** Field names in one message. */
const MOST = 5;

/**
 * Warns of fields that core metadata of this version does not have, on which twine refuses a file. Installers pass over
 * them.
 * @param version a known one
 */
export function checkFieldSet(fields: Fields, version: string, report: OnProblem): void {
  const known = fields.names.flatMap((name) => FIELD_TABLE.get(name) ?? []);
  const newer = known.filter(({ name, since }) => since > version && name.toLowerCase() !== FORGIVEN);
  if (newer.length) {
    const list = newer.map(({ name, since }) => `${name} (since ${since})`);
    report(warning(`Metadata-Version ${version} has no ${listed(list)}: twine refuses the file`, NEWER_HINT));
  }
  const unknown = fields.names.filter((name) => !FIELD_TABLE.has(name));
  if (unknown.length) {
    const message = `core metadata has no field ${listed(unknown.map(quoted))}: twine refuses the file`;
    report(warning(message, 'leave it out, or build with a backend that does not write it'));
  }
}

const NEWER_HINT =
  'build it again with a current build backend, which writes a newer Metadata-Version: python -m build';

function listed(items: readonly string[]): string {
  const shown = items.slice(0, MOST).join(', ');
  return items.length > MOST ? `${shown} and ${items.length - MOST} more` : shown;
}
