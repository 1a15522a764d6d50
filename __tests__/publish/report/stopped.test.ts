import { UserError } from '../../../src/core/errors.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { VersionOutcome } from '../../../src/publish/report/outcome.js';
import { failuresOf } from '../../../src/publish/report/report.js';
import { StoppedError } from '../../../src/publish/report/stopped.js';
import { UnconfirmedError } from '../../../src/release/merge/merge-errors.js';

const REASON = new UserError('Cannot finish: stopped by SIGTERM', { hint: 'run again' });

const identity = (name: string) => ({
  name,
  version: '1.0',
  repository: parseRepositoryName(`o/${name}`),
  tag: parseTag('1.0'),
  image: `r.example/o/${name}:1.0`,
});
const done = (name: string): VersionOutcome => ({
  ...identity(name),
  ok: true,
  digest: undefined,
  files: [],
  attachments: [],
  listed: [],
  protection: undefined,
});
const failed = (name: string, error: UserError): VersionOutcome => ({
  ...identity(name),
  ok: false,
  error,
  filenames: [],
});
const cut = (name: string): VersionOutcome => failed(name, REASON);
const unknown = (name: string): VersionOutcome => failed(name, new UnconfirmedError('x'));

function told(versions: readonly VersionOutcome[]) {
  const outcome = { dryRun: false, versions, warnings: [] };
  return failuresOf({ address: undefined, outcome, error: new StoppedError(REASON, outcome) });
}

describe('a run that was stopped', () => {
  it.each([
    ['nothing', [cut('a'), cut('b')], 'nothing was published'],
    ['some', [done('a'), cut('b'), cut('c')], 'published: a 1.0; not published: b 1.0, c 1.0'],
    ['everything', [done('a'), done('b')], 'published: a 1.0, b 1.0'],
    ['nobody knows what', [unknown('a')], 'not known: a 1.0'],
    [
      'some, and nobody knows of others',
      [done('a'), unknown('b'), cut('c')],
      'published: a 1.0; not known: b 1.0; not published: c 1.0',
    ],
    ['nothing, not having begun', [], 'nothing was published'],
  ])('says last of all that it had published %s', (_, versions, expected) => {
    expect(told(versions).at(-1)).toEqual({
      subject: undefined,
      file: undefined,
      message: `Cannot finish: stopped by SIGTERM; ${expected}`,
      hint: 'run again',
    });
  });

  it('tells of a version only what the signal does not explain', () => {
    const conflict = new UserError('Cannot publish: a conflict');
    const wrapped = new UserError('Cannot publish to x', { cause: REASON });
    const failures = told([cut('a'), failed('b', conflict), failed('c', wrapped), unknown('d'), done('e')]);
    expect(failures.map(({ subject }) => subject)).toEqual(['b 1.0', 'd 1.0', undefined]);
  });

  it('takes its reason as it is where that is no error of ours', () => {
    expect(new StoppedError(new Error('enough'), undefined)).toMatchObject({
      message: 'enough; nothing was published',
      hint: undefined,
    });
  });
});
