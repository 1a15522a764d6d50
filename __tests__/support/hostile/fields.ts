import fc from 'fast-check';
import { anSdist, aWheel, sdistName, wheelName } from '../builders.js';
import { place, seldom } from './choice.js';
import { type Choice, DYNAMIC, EXTRAS, MARKERS, NAMES, PROJECTS, PYTHONS, SPECIFIERS, TYPES } from './field-values.js';
import type { GeneratedFile } from './file.js';
import { SDIST_FILES } from './sdist.js';

/** Fields that are read for few, or whose grammar hardly anybody checks. */
const OTHERS = [
  ...[
    'License-Expression: MIT',
    'License-Expression: MIT AND',
    'License-Expression: mit or (x',
    'License-File: LICENSE',
  ],
  ...['License-File: ../LICENSE', 'License-File: /LICENSE', 'License-File: a\\b', 'Keywords: a,b', 'Keywords: a b'],
  ...[
    'Platform: any',
    'Supported-Platform: x',
    'Requires-External: C',
    'Provides-Dist: bar (1.0)',
    'Provides-Dist: bar>',
  ],
  ...['Obsoletes-Dist: bar (<1)', 'Requires: bar (>=1)', 'Provides: x y', 'Obsoletes: -', 'Import-Name: foo.bar'],
  ...['Import-Name: foo; private', 'Import-Name: 1foo', 'Import-Namespace: foo', 'Import-Namespace: -'],
  ...['Author-email: x', 'Author-email: "A" <a@b.example>, c@d.example', 'Maintainer-email: <', 'Download-URL: x'],
  ...[
    'Summary: a\n  b',
    'Summary: a',
    'Description: a\n        |b',
    'Classifier: Nobody :: knows',
    'Setup-Requires-Dist: x',
  ],
] as const;

/** One in eight is odd. */
function mostly({ sound, odd }: Choice): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom(...sound) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

const ODD = [...' ;,()[]\'"<>=!~@*.#&|\t\\-_', '\u00e9', '\u00a0', '\n ', '\ud83d\ude00'] as const;

/** One character put in, taken out or replaced. */
const slip = fc
  .tuple(place, fc.constantFrom('in', 'out', 'for'), fc.constantFrom(...ODD))
  .map(([at, way, odd]) => (value: string): string => {
    const offset = Math.floor(at * (value.length + 1));
    const kept = way === 'in' ? offset : offset + 1;
    return `${value.slice(0, offset)}${way === 'out' ? '' : odd}${value.slice(kept)}`;
  });

function field(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const slipped = fc
    .tuple(value, seldom(slip, 12))
    .map(([text, slips]) => slips.reduce((left, way) => way(left), text));
  return fc
    .tuple(fc.constantFrom(...Array.from({ length: 12 }, () => name), name.toLowerCase(), name.toUpperCase()), slipped)
    .map(([spelled, text]) => `${spelled}: ${text}`);
}

const requirement = fc
  .tuple(mostly(PROJECTS), mostly(EXTRAS), mostly(SPECIFIERS), mostly(MARKERS))
  .map((parts) => parts.join(''));

/** One line of the metadata that installers judge by a grammar of its own. */
export const judgedField: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: field('Requires-Dist', requirement) },
  { weight: 4, arbitrary: field('Requires-Python', mostly(PYTHONS)) },
  { weight: 2, arbitrary: field('Provides-Extra', mostly(NAMES)) },
  { weight: 2, arbitrary: field('Dynamic', mostly(DYNAMIC)) },
  { weight: 2, arbitrary: field('Description-Content-Type', mostly(TYPES)) },
  { weight: 2, arbitrary: fc.constantFrom(...OTHERS) },
);

/** Sound archives whose metadata has one to three such fields. */
export const hostileFields: fc.Arbitrary<GeneratedFile> = fc
  .record({
    kind: fc.constantFrom('wheel', 'sdist'),
    metadataVersion: fc.constantFrom('2.1', '2.1', '2.2', '2.4', '2.4', '2.5', '1.0', '1.1', '1.2', '2.0', '2.3'),
    headers: fc.array(judgedField, { minLength: 1, maxLength: 2 }),
    body: fc.constantFrom('', 'A text.\n'),
  })
  .map(({ kind, metadataVersion, headers, body }): GeneratedFile => {
    const options = { metadataVersion, headers, body };
    return kind === 'wheel'
      ? { name: wheelName(), bytes: aWheel(options) }
      : { name: sdistName(), bytes: anSdist({ ...options, files: SDIST_FILES }) };
  });
