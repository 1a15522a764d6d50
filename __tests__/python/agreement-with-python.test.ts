import { gzipSync } from 'node:zlib';
import { memoryBytes } from '../../src/core/bytes.js';
import { readSdist } from '../../src/python/archive.js';
import { LinkPaths } from '../../src/python/sdist/link-paths.js';
import { recordRows } from '../../src/python/wheel/record.js';
import { metadataText, paxRecord, sdistMembers, type TarMember, tar } from '../support/builders.js';
import { expectRefused } from '../support/refusals.js';
import { judge, sdist, wheel } from '../support/verdict.js';

const FORGED = metadataText({ name: 'forged', version: '6.6.6' });

function reading(...more: readonly TarMember[]): Promise<unknown> {
  return readSdist(memoryBytes(gzipSync(tar([...sdistMembers({ files: {} }), ...more]))));
}

/** What the comparison with Python has found, as rules. */
describe('an sdist that pip unpacks to other metadata than it reads', () => {
  it.each<[string, readonly TarMember[]]>([
    [
      'through a symbolic link',
      [
        { name: 'foo-1.0/a', type: '2', link: 'PKG-INFO' },
        { name: 'foo-1.0/a', data: FORGED },
      ],
    ],
    [
      'through a hard link',
      [
        { name: 'foo-1.0/a', type: '1', link: 'foo-1.0/PKG-INFO' },
        { name: 'foo-1.0/a', data: FORGED },
      ],
    ],
    [
      'through a link to the folder',
      [
        { name: 'foo-1.0/a', type: '2', link: '.' },
        { name: 'foo-1.0/a/PKG-INFO', data: FORGED },
      ],
    ],
    [
      'through a link within a link',
      [
        { name: 'foo-1.0/d/e/a', type: '2', link: '../..' },
        { name: 'foo-1.0/d/e/a/PKG-INFO', data: FORGED },
      ],
    ],
  ])('is refused: %s', (_how, members) => expectRefused(reading(...members), /unpacked through a link/));

  it('may hold links that nothing is written through', async () => {
    const links = Array.from({ length: 100 }, (_, at) => ({ name: `foo-1.0/a${at}`, type: '2', link: 'PKG-INFO' }));
    await expect(reading(...links, { name: 'foo-1.0/a', data: '' })).resolves.toMatchObject({ top: 'foo-1.0' });
  });

  it('is refused with more links than can be kept in mind', () => {
    const links = Array.from({ length: 10_001 }, (_, at) => ({ name: `foo-1.0/a${at}`, type: '2', link: 'x' }));
    return expectRefused(reading(...links), /more than 10000 links/);
  });
});

describe('a member of an sdist whose name ends with a slash', () => {
  it.each(['0', '7', '1', '2'])('is refused if its type is %j, as Python takes it for no folder', (type) =>
    expectRefused(reading({ name: 'foo-1.0/a/', type }), /only some readers take for a folder/),
  );

  it.each(['5', '\0'])('is a folder if its type is %j', (type) =>
    expect(reading({ name: 'foo-1.0/a/', type })).resolves.toMatchObject({ top: 'foo-1.0' }),
  );
});

describe('an extended header that goes on behind its stated end', () => {
  const path = paxRecord('path', 'foo-1.0/PKG-INFO');
  const comment = paxRecord('comment', 'x');
  const member = { name: 'foo-1.0/a', data: FORGED };

  it.each<[string, TarMember]>([
    ['a pax record', { name: 'x', type: 'x', data: comment + path, size: comment.length }],
    ['a global pax record', { name: 'g', type: 'g', data: comment + path, size: comment.length }],
    ['the rest of a GNU path', { name: 'L', type: 'L', format: 'gnu', data: 'foo-1.0/PKG-INFO', size: 8 }],
    ['the rest of a GNU link target', { name: 'K', type: 'K', format: 'gnu', data: 'foo-1.0/PKG-INFO', size: 8 }],
  ])('is refused, since Python reads whole blocks: %s', (_what, header) =>
    expectRefused(reading(header, member), /goes on behind its end/),
  );
});

describe('the places of links', () => {
  const links = new LinkPaths();
  for (const path of ['a/b', 'a/c/d', 'a/b/e', 'x']) links.add(path);

  it.each(['a/b', 'a/b/e', 'a/b/anything/below', 'a/c/d', 'x', 'x/y'])('lead %s elsewhere', (path) =>
    expect(links.leadThrough(path)).toBe(true),
  );

  it.each(['a', 'a/bb', 'a/c', 'a/c/e', 'xx', 'b', '__proto__', ''])('leave %j alone', (path) =>
    expect(links.leadThrough(path)).toBe(false),
  );
});

describe('the blanks around label and URL', () => {
  it('are those of Python: all of the category Zs, not U+FEFF', async () => {
    const headers = ['Project-URL: \u2003a b\u00a0,\u3000https://x.example\u202f', 'Project-URL: \ufeffB, \ufeffx'];
    const { versions } = await judge(wheel({ headers }));
    expect(versions[0]?.files[0]?.metadata.projectUrls).toEqual([
      ['a b', 'https://x.example'],
      ['\ufeffB', '\ufeffx'],
    ]);
  });
});

describe('a text made to keep a reader busy', () => {
  it('is read in no time: a megabyte of blanks within a label', async () => {
    const { verdict } = await judge(sdist({ headers: [`Project-URL: a${' '.repeat(1_000_000)}b, https://x.example`] }));
    expect(verdict).toBe('W');
  });

  it.each([
    ['a quote that is closed', `"${'a'.repeat(32_000_000)}"\n`, 1],
    ['a quote that is never closed', `"${'a'.repeat(32_000_000)}`, 1],
    ['nothing but commas', ','.repeat(32_000_000), 1],
    ['nothing but quotes', '"'.repeat(32_000_000), 1],
  ])('is read without running out of stack: a RECORD of %s', (_what, text, found) =>
    expect([...recordRows(text)]).toHaveLength(found),
  );
});
