import { readFileSync } from 'node:fs';
import { digestOf } from '../../../src/core/digest.js';
import { encode } from '../../../src/oci/document.js';
import { OCI_INDEX } from '../../../src/oci/media-types.js';
import { isNote, notedIn, noteOf } from '../../../src/prune/work/note.js';
import { ARTIFACT_TYPE, PRUNING } from '../../../src/pyoci/layout.js';
import { isPackageIndex, type PackageIndex } from '../../../src/pyoci/version-index.js';

const ONE = digestOf(Buffer.from('one'));
const ENTRY = { mediaType: OCI_INDEX, digest: ONE, size: 3 };

function index(annotations: Readonly<Record<string, string>>, manifests: readonly (typeof ENTRY)[] = []): PackageIndex {
  const base = { schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE };
  const document = encode({ ...base, manifests, annotations });
  if (!isPackageIndex(document)) throw new Error('it is no index');
  return document;
}

describe('the note of a prune', () => {
  it('is an index of ours without files, and says what it was made of', () => {
    const note = noteOf([ONE]);
    if (!isPackageIndex(note)) throw new Error('it is no index');
    expect(isNote(note)).toBe(true);
    expect(notedIn(note)).toEqual([ONE]);
  });

  it('has the form that docs/format.md shows', () => {
    const [, section = ''] = readFileSync('docs/format.md', 'utf8').split('## The note of a prune');
    const shown = JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? '{}');
    const { annotations, ...others } = noteOf([]).value;
    expect(shown).toEqual({ ...others, annotations: { [PRUNING]: expect.stringMatching(/^\["sha256:/) } });
    expect(annotations).toEqual({ [PRUNING]: '[]' });
  });

  it('is a version again once it has files, and still tells', () => {
    const merged = index({ [PRUNING]: JSON.stringify([ONE]) }, [ENTRY]);
    expect(isNote(merged)).toBe(false);
    expect(notedIn(merged)).toEqual([ONE]);
  });

  it.each(['', '{', '{}', '"x"', '[1, null, "sha256:short", {}]', 'null'])('tells nothing if it says %s', (text) => {
    expect(notedIn(index({ [PRUNING]: text }))).toEqual([]);
  });

  it('is no index without a word of it, be it empty', () => {
    expect([isNote(index({})), notedIn(index({}))]).toEqual([false, undefined]);
  });
});
