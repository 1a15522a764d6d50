import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { BLOCK, END_MARK, sdistMembers, tar } from '../builders.js';
import { pick, place, seldom } from './choice.js';
import { damage, damaged } from './damage.js';
import type { GeneratedFile } from './file.js';
import { FORGED, metadata } from './metadata.js';
import { edit, type Parts } from './tar-edits.js';

/** What an sdist has beside its metadata: a build that asks for nothing, as installers refuse one that does not say how. */
export const SDIST_FILES = {
  'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\n',
  'src/foo.py': 'x = 1\n',
} as const;

/** Bytes of one header overwritten, and its checksum made to fit again: no reader notices by that. */
const patch = fc
  .tuple(place, fc.nat(499), fc.uint8Array({ minLength: 1, maxLength: 4 }))
  .map(([at, offset, more]) => (archive: Buffer): Buffer => {
    const headers: number[] = [];
    for (let start = 0; start + BLOCK <= archive.length; start += BLOCK) {
      if (archive.toString('latin1', start + 257, start + 262) === 'ustar') headers.push(start);
    }
    if (headers.length === 0) return archive;
    const start = pick(headers, at);
    const copy = Buffer.from(archive);
    copy.set(more, start + offset);
    copy.fill(0x20, start + 148, start + 156);
    const sum = copy.subarray(start, start + BLOCK).reduce((total, byte) => total + byte, 0);
    copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, start + 148, 'latin1');
    return copy;
  });

/** How the tar archive becomes a file. */
const packing: fc.Arbitrary<(archive: Buffer) => Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((archive: Buffer) => gzipSync(archive, { level: 1 })) },
  {
    weight: 1,
    arbitrary: place.map(
      (at) => (archive: Buffer) =>
        Buffer.concat([
          gzipSync(archive.subarray(0, Math.floor(at * archive.length))),
          gzipSync(archive.subarray(Math.floor(at * archive.length))),
        ]),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(600)
      .map((length) => (archive: Buffer) => Buffer.concat([gzipSync(archive), Buffer.alloc(length)])),
  },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 30 })
      .map((rest) => (archive: Buffer) => Buffer.concat([gzipSync(archive), rest])),
  },
  {
    weight: 1,
    arbitrary: fc.constant((archive: Buffer) =>
      Buffer.concat([gzipSync(archive), Buffer.alloc(8), gzipSync(tar([{ name: 'foo-1.0/PKG-INFO', data: FORGED }]))]),
    ),
  },
);

const ends = fc.constantFrom(
  ...Array.from({ length: 20 }, () => END_MARK),
  Buffer.alloc(10_240),
  Buffer.alloc(BLOCK),
  Buffer.alloc(0),
  Buffer.concat([END_MARK, tar([{ name: 'foo-1.0/PKG-INFO', data: FORGED }])]),
  Buffer.concat([Buffer.alloc(BLOCK), tar([{ name: 'foo-1.0/PKG-INFO', data: FORGED }])]),
);

/** Sdists: some sound, some with one or two tricks in their framing, some damaged inside or outside the gzip. */
export const hostileSdist: fc.Arbitrary<GeneratedFile> = fc
  .record({
    metadata,
    format: fc.constantFrom('pax', 'gnu', 'ustar'),
    pkgInfoAt: fc.constantFrom('first', 'middle', 'last'),
    edits: seldom(edit, 2),
    patches: seldom(patch, 5),
    end: ends,
    inside: seldom(damage, 10),
    packing,
    outside: seldom(damage, 20),
  })
  .map(
    ({
      metadata: { name, version, bytes: text },
      format,
      pkgInfoAt,
      edits,
      patches,
      end,
      inside,
      packing: pack,
      outside,
    }) => {
      const members = sdistMembers({ metadata: text, format, pkgInfoAt, files: SDIST_FILES });
      const parts = edits.reduce<Parts>((left, change) => change(left), members);
      const archive = patches.reduce((left, change) => change(left), tar(parts, end));
      return { name: `${name}-${version}.tar.gz`, bytes: damaged(pack(damaged(archive, inside)), outside) };
    },
  );
