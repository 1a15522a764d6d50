import { withEntries } from '../../../src/pyoci/version-index.js';
import type { Claim, Journal } from '../../../src/release/merge/journal.js';
import { mendVersion } from '../../../src/release/merge/mend.js';
import { standingEntries } from '../../../src/release/merge/standing-entries.js';
import { stored, TAG, WatchedRepository } from '../../journals/meeting.js';
import { type TestPorts, testPorts } from '../../support/ports.js';

let repository: WatchedRepository;
let ports: TestPorts;
let mine: Claim;
let theirs: Claim;

beforeEach(async () => {
  repository = new WatchedRepository();
  ports = testPorts();
  mine = await stored(repository, 'mine');
  theirs = await stored(repository, 'theirs');
  await repository.putTag(TAG, withEntries(undefined, [mine.entry], {}));
  repository.tagWrites.length = 0;
});

function mend(journal: Pick<Journal, 'read'> | undefined) {
  const opened: Journal | undefined = journal && {
    label: 'notes',
    complete: true,
    append: () => Promise.reject(new Error('a re-run that publishes nothing appends nothing')),
    read: () => journal.read(),
  };
  return mendVersion({ repository, tag: TAG, image: 'demo:1.0' }, async () => opened, ports);
}

const standing = async (): Promise<readonly string[]> => {
  const document = await repository.getManifest(TAG);
  return standingEntries(document, 'demo:1.0').map((entry) => entry.architecture);
};

describe('a re-run that has nothing to publish', () => {
  it('puts back what its dead attempt had cost others, in one write', async () => {
    const mended = await mend({ read: async () => [mine, theirs] });
    expect(mended?.entries.map((entry) => entry.architecture)).toEqual(['mine', 'theirs']);
    expect(await standing()).toEqual(['mine', 'theirs']);
    expect(repository.tagWrites).toHaveLength(1);
    expect(ports.log.of('info').at(-1)).toContain('were put back');
  });

  it.each([
    ['nobody lost anything', async () => [mine]],
    ['nobody left a record', async () => []],
  ])('writes nothing and waits for nothing where %s', async (_, read) => {
    expect(await mend({ read })).toBeUndefined();
    expect(repository.tagWrites).toEqual([]);
    expect(ports.clock.slept).toEqual([]);
  });

  it('does not list what was deleted since', async () => {
    const gone: Claim = { entry: { ...theirs.entry, descriptor: { ...theirs.entry.descriptor } }, replaces: undefined };
    repository.hasManifest = async (digest) => digest !== gone.entry.descriptor.digest;
    await mend({ read: async () => [mine, gone] });
    expect(await standing()).toEqual(['mine']);
    expect(repository.tagWrites).toEqual([]);
  });

  it('says so where the journal cannot be read, and fails for nothing', async () => {
    expect(await mend({ read: () => Promise.reject(new Error('no answer')) })).toBeUndefined();
    expect(ports.log.of('warning')).toEqual([expect.stringContaining('no answer')]);
  });

  it('has nothing to read where the registry has no journal', async () => {
    expect(await mend(undefined)).toBeUndefined();
    expect(ports.log.lines).toEqual([]);
  });
});
