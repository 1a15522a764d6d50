/**
 * Every interleaving of the merge, counted: `npm run explore`. Four publishers take a few minutes and some gigabytes;
 * a number as the argument leaves scenarios out that are larger than so many publishers.
 */

import { explore } from '../__tests__/publish/model/explorer.js';
import {
  adds,
  attaches,
  attachment,
  file,
  type Publisher,
  replaces,
  type Scenario,
  says,
} from '../__tests__/publish/model/scenario.js';
import { fatesOf, losses, silent } from '../__tests__/publish/model/verdict.js';
import type { IndexEntry } from '../src/pyoci/version-index.js';
import { SETTLE } from '../src/release/merge/merge-state.js';

const named = (...names: readonly string[]): readonly Publisher[] => names.map((name) => adds(name));
const mortal = (publisher: Publisher): Publisher => ({ ...publisher, mortal: true });
const outside = (name: string): Publisher => ({ ...adds(name), outsider: true });
const timed = (ticks: number, ...slowest: readonly number[]): Scenario => ({
  publishers: named('a', 'b', 'c').slice(0, slowest.length),
  journaled: false,
  time: { tick: SETTLE / ticks, slowest },
});

const old = file('x', 'old');
const rivals = [adds('r', file('x', 'one')), adds('s', file('x', 'other'))];
const rebuilt: Publisher = { ...mortal(adds('r', file('x', 'one'))), rebuilt: adds('r', file('x', 'other')).claims };
const x = file('x');
const attached = (entry: IndexEntry): Publisher => ({
  name: 'r',
  claims: [...replaces('r', entry, old).claims, ...attaches('r', attachment(entry)).claims],
});
const skips = (publisher: Publisher): Publisher => ({ ...publisher, skips: true });

const scenarios: readonly (readonly [string, Scenario])[] = [
  ['2 additions', { publishers: named('a', 'b') }],
  ['3 additions', { publishers: named('a', 'b', 'c') }],
  ['4 additions', { publishers: named('a', 'b', 'c', 'd') }],
  [
    '2 additions, nobody looks again after the write',
    {
      publishers: named('a', 'b'),
      weaken: (action, state) => (state.phase === 'read-journal' && state.tag ? { kind: 'done' } : action),
    },
  ],
  [
    'a journal and time: a version is yanked, from outside, beside an addition',
    {
      ...timed(4, 3, 3),
      journaled: true,
      publishers: [{ ...says('y', true, 1), outsider: true }, adds('a')],
      standing: [x],
    },
  ],
  [
    'no journal: a version is yanked beside an addition in time',
    { ...timed(4, 3, 3), publishers: [says('y', true, 1), adds('a')], standing: [x] },
  ],
  [
    'no journal: a version is yanked and taken back in beside an addition in time',
    { ...timed(2, 1, 1, 1), publishers: [says('y', true, 1), says('u', false, 2), adds('a')], standing: [x] },
  ],
  ['2 rivals', { publishers: rivals }],
  ['2 rivals and an addition', { publishers: [...rivals, ...named('a')] }],
  ['2 rivals that skip', { publishers: rivals.map(skips) }],
  ['a replacement and an addition', { publishers: [replaces('r', file('x'), old), ...named('a')], standing: [old] }],
  [
    'a replacement and 2 additions',
    { publishers: [replaces('r', file('x'), old), ...named('a', 'b')], standing: [old] },
  ],
  [
    '2 replacements',
    { publishers: [replaces('r', file('x'), old), replaces('s', file('x', 'y'), old)], standing: [old] },
  ],
  ['2 additions, one dies and is run again', { publishers: [mortal(adds('a')), adds('b')] }],
  ['3 additions, one dies and is run again', { publishers: [mortal(adds('a')), ...named('b', 'c')] }],
  ['2 additions, both die and are run again', { publishers: named('a', 'b').map(mortal) }],
  ['2 additions, one dies, its re-run has other bytes', { publishers: [rebuilt, adds('b')] }],
  ['2 additions, writes answered with errors', { publishers: named('a', 'b'), errors: true }],
  ['2 additions, a write of each comes late', { publishers: named('a', 'b'), late: true }],
  ['an attachment beside its file', { publishers: [adds('x'), attaches('p', attachment(x))] }],
  ['an attachment beside its file and an addition', { publishers: [...named('x', 'a'), attaches('p', attachment(x))] }],
  [
    '2 attachments of one kind beside their file',
    { publishers: [adds('x'), attaches('p', attachment(x)), attaches('q', attachment(x, 'again'))] },
  ],
  [
    'an attachment beside a replacement of its file',
    { publishers: [attached(x), attaches('p', attachment(old))], standing: [old] },
  ],
  [
    'an attachment beside a replacement of its file, and an addition',
    { publishers: [attached(x), attaches('p', attachment(old)), adds('a')], standing: [old] },
  ],
  [
    'an attachment of the new file beside its replacement',
    { publishers: [replaces('r', x, old), attaches('p', attachment(x))], standing: [old, attachment(old)] },
  ],
  [
    'an attachment beside its file, one dies and is run again',
    { publishers: [mortal(attaches('p', attachment(x))), adds('x')] },
  ],
  [
    'a file and its attachment, it dies and its re-run is signed anew',
    {
      publishers: [
        { ...mortal(attaches('p', x, attachment(x))), rebuilt: attaches('p', x, attachment(x, 'again')).claims },
        adds('a'),
      ],
    },
  ],
  [
    'no journal: an attachment beside its file in time',
    { ...timed(4, 3, 3), publishers: [adds('x'), attaches('p', attachment(x))] },
  ],
  [
    'no journal: an attachment beside a replacement of its file in time',
    { ...timed(4, 3, 3), publishers: [attached(x), attaches('p', attachment(old))], standing: [old] },
  ],
  ['no journal: 2 additions in time', timed(4, 3, 3)],
  ['no journal: 3 additions in time', timed(2, 1, 1, 1)],
  ['no journal: 2 additions, one too slow', timed(4, 3, 9)],
  [
    'a journal and time: 2 additions, one outsider',
    { ...timed(4, 3, 3), journaled: true, publishers: [adds('a'), outside('o')] },
  ],
  [
    'a journal and time: 2 additions beside an outsider',
    { ...timed(2, 1, 1, 1), journaled: true, publishers: [adds('a'), adds('b'), outside('o')] },
  ],
  [
    'a journal and time: an addition beside 2 outsiders',
    { ...timed(2, 1, 1, 1), journaled: true, publishers: [adds('a'), outside('o'), outside('p')] },
  ],
  ['no journal: 2 rivals in time', { ...timed(4, 3, 3), publishers: rivals }],
  ['no journal: 2 rivals in time that skip', { ...timed(4, 3, 3), publishers: rivals.map(skips) }],
];

const most = Number(process.argv[2] ?? 4);
for (const [name, scenario] of scenarios) {
  if (scenario.publishers.length > most) continue;
  const began = performance.now();
  const found = explore(scenario);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const counts = `${found.states} states, ${found.trapped} without a way out, ${found.ends.length} ends`;
  const lost = `${losses(found).length} with a loss, ${silent(found).length} of them untold`;
  process.stdout.write(`${name}: ${counts}, ${lost} (${fatesOf(found).join(' | ')}) ${seconds} s\n`);
}
