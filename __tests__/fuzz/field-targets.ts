import assert from 'node:assert/strict';
import { readRequirement } from '../../src/python/metadata/grammar/requirement.js';
import { repairedSpecifiers } from '../../src/python/metadata/grammar/specifier-repair.js';
import { specifiersFault } from '../../src/python/metadata/grammar/specifiers.js';
import { readMetadata } from '../../src/python/metadata/metadata.js';
import { requirementTexts, specifierTexts } from '../support/hostile/requirements.js';
import { endless, type Target, target, textOf } from './target.js';

/** Characters of an input that goes on and on: what takes the square of its length takes minutes for it. */
const LONG = 128 * 1024;
const HEADERS = 'Metadata-Version: 2.6\nName: foo\nVersion: 1.0\n';
const FIELDS = [
  ...[
    'Requires-Dist: ',
    'Requires-Dist: bar>=1',
    'Requires-Dist: bar (',
    'Requires-Dist: bar[',
    'Requires-Dist: bar===1',
  ],
  ...['Requires-Dist: bar; ', 'Requires-Dist: bar; os_name == "', 'Requires-Dist: bar @ https://', 'Requires-Python: '],
  ...['Requires-Python: >=1', 'Provides-Extra: ', 'Description-Content-Type: text/plain;', 'License-Expression: '],
  ...['License-Expression: MIT OR ', 'License-File: ', 'Import-Name: ', 'Dynamic: ', 'Summary: ', 'Provides-Dist: '],
];
const requirements = target(
  'requirements',
  requirementTexts,
  (text) => {
    const { fault } = readRequirement(text);
    if (fault) assert.match(fault.cause, /^[^\p{Cc}]+$/u);
    else assert.equal(readRequirement(` ${text}\t`).fault, undefined);
  },
  () =>
    endless(LONG, ['', 'bar', 'bar>=1', 'bar (', 'bar[a', 'bar @ git+https://', 'bar===1', 'bar; ', 'bar; os_name=="']),
);

const specifiers = target(
  'version specifiers',
  specifierTexts,
  (text) => {
    const repaired = repairedSpecifiers(text);
    if (repaired !== undefined) assert.equal(specifiersFault(repaired), undefined);
  },
  () => endless(LONG, ['', '>=1', '===', '>=1.', '>=1+', '==1!']),
);

const fieldGrammars = target(
  'fields with a grammar',
  textOf(
    ...FIELDS,
    '\n',
    '\n',
    '\n ',
    'bar',
    '>=1.0',
    ', ',
    ';',
    '; extra == "a"',
    'MIT',
    'text/plain',
    'a.b',
    '..',
    '*',
  ),
  (fields) => {
    const { findings } = readMetadata(Buffer.from(`${HEADERS}${fields}\n`), 'METADATA');
    assert.ok(findings.length <= 21);
    for (const { message, hint = '' } of findings) assert.match(`${message}${hint}`, /^[^\p{Cc}]+$/u);
  },
  () => endless(LONG, FIELDS),
);

export const FIELD_TARGETS: readonly Target[] = [requirements, specifiers, fieldGrammars];
