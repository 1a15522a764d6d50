import { quoted } from '../archive/archive-error.js';
import { normalName } from '../name.js';
import type { OnProblem } from '../problem.js';
import { uploadFinding } from './fault-report.js';
import { FIELD_TABLE } from './field-table.js';
import type { AnyField, Fields } from './fields.js';
import { contentTypeFault } from './grammar/content-type.js';
import { importNameFault } from './grammar/import-name.js';
import { licenseExpressionFault } from './grammar/license-expression.js';
import { licenseFileFault } from './grammar/license-file.js';

/** Characters of a summary; the public index refuses longer ones. */
const LONGEST_SUMMARY = 512;

interface UploadRule {
  readonly field: AnyField;
  readonly by: string;
  /** Why a value is none of this field, as a clause. */
  readonly faultOf: (text: string) => string | undefined;
}

/** Fields that no installer refuses. What twine refuses, PyPI does too, as both read with `packaging`. */
const RULES: readonly UploadRule[] = [
  { field: 'Summary', by: 'twine', faultOf: summaryLineFault },
  { field: 'Summary', by: 'PyPI', faultOf: summaryLengthFault },
  { field: 'Description-Content-Type', by: 'twine', faultOf: contentTypeFault },
  { field: 'Provides-Extra', by: 'twine, and passed over by uv', faultOf: extraFault },
  { field: 'Dynamic', by: 'twine', faultOf: dynamicFault },
  { field: 'License-Expression', by: 'twine', faultOf: licenseExpressionFault },
  { field: 'License-File', by: 'twine', faultOf: licenseFileFault },
  { field: 'Import-Name', by: 'twine', faultOf: importNameFault },
  { field: 'Import-Namespace', by: 'twine', faultOf: importNameFault },
];

/**
 * Warns of values that only those refuse who upload or store files.
 * @param version of the metadata, a known one: a field that is newer has no grammar in it
 */
export function checkUploadRules(fields: Fields, version: string, report: OnProblem): void {
  for (const { field, by, faultOf } of RULES) {
    const { since = '1.0' } = FIELD_TABLE.get(field.toLowerCase()) ?? {};
    if (since > version) continue;
    const headers = fields.all(field);
    // A single Import-Name without a value says that there is nothing to import.
    if (field === 'Import-Name' && headers.length === 1 && headers[0]?.text === '') continue;
    for (const { text } of headers) {
      const cause = faultOf(text);
      if (cause !== undefined) report(uploadFinding(field, text, by, cause));
    }
  }
}

function summaryLineFault(text: string): string | undefined {
  return text.includes('\n') ? 'it goes on over several lines' : undefined;
}

function summaryLengthFault(text: string): string | undefined {
  const { length } = [...text];
  return length > LONGEST_SUMMARY ? `it has ${length} characters, more than ${LONGEST_SUMMARY}` : undefined;
}

function extraFault(text: string): string | undefined {
  return normalName(text) === undefined ? 'it is no legal name' : undefined;
}

function dynamicFault(text: string): string | undefined {
  const field = text.toLowerCase();
  if (['name', 'version', 'metadata-version'].includes(field)) return 'a build may not change that field';
  return FIELD_TABLE.has(field) ? undefined : `core metadata has no field ${quoted(text)}`;
}
