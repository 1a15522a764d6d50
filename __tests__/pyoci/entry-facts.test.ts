import { digestOf } from '../../src/core/digest.js';
import type { Annotations } from '../../src/oci/descriptor.js';
import { OCI_MANIFEST } from '../../src/oci/media-types.js';
import { entryFacts } from '../../src/pyoci/entry-facts.js';

const HASH = 'a1'.repeat(32);
const NOTHING = { size: undefined, requiresPython: undefined, coreMetadata: undefined };

const factsOf = (said?: Readonly<Record<string, string>>) => {
  const annotations = Object.fromEntries(
    Object.entries(said ?? {}).map(([key, value]) => [`vnd.pyoci-publish.${key}`, value]),
  ) as Annotations;
  return entryFacts({ mediaType: OCI_MANIFEST, digest: digestOf(Buffer.from('x')), size: 1, annotations });
};

describe('what an entry says of its file', () => {
  it('is read back', () => {
    const said = { size: '1073741824', 'requires-python': '>=3.9, !=3.9.1', 'core-metadata': HASH };
    expect(factsOf(said)).toEqual({ size: 1_073_741_824, requiresPython: '>=3.9, !=3.9.1', coreMetadata: HASH });
    expect(factsOf({ size: '0' }).size).toBe(0);
  });

  it('is nothing where PyOCI or we before wrote it', () => {
    expect(factsOf()).toEqual(NOTHING);
  });

  it.each(['', '-1', '+1', '1.0', '1e3', '0x10', '007', ' 1', '1\n', '١', 'NaN', '9'.repeat(16)])(
    'is no size if it is no whole number: "%s"',
    (size) => {
      expect(factsOf({ size })).toEqual(NOTHING);
    },
  );

  it.each([
    '',
    ' ',
    'UNKNOWN',
    '3.9',
    '>=',
    '>=3.9 <4',
    '>=3.6.*',
    '>=3.9; import os',
    '>=3.9\u0000',
    '"><script>',
    `>=3.9,${' '.repeat(260)}<4`,
  ])('is no Python if pip or uv cannot read it: "%s"', (text) => {
    expect(factsOf({ 'requires-python': text })).toEqual(NOTHING);
  });

  it('may take 256 characters for a Python, and no more', () => {
    const longest = `>=3.9,${' '.repeat(247)}<4${' '}`;
    expect(factsOf({ 'requires-python': longest }).requiresPython).toBe(longest);
    expect(factsOf({ 'requires-python': `${longest} ` }).requiresPython).toBeUndefined();
  });

  it.each(['', 'true', HASH.slice(1), `${HASH}0`, HASH.toUpperCase(), `sha256:${HASH}`, `${HASH}\n`, 'g'.repeat(64)])(
    'is no hash if it is not 64 hex digits: "%s"',
    (hash) => {
      expect(factsOf({ 'core-metadata': hash })).toEqual(NOTHING);
    },
  );
});
