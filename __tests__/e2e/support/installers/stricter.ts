/** What we refuse although the pip and the uv at hand take it. */
export interface Stricter {
  /** Our message. */
  readonly says: RegExp;
  /** Why we refuse it all the same. */
  readonly why: string;
}

const TWO_READERS = 'readers of Python see another file in it, or another member';
const STREAM = 'a reader of a stream sees other members than one that reads the directory';
const OTHER_INSTALLERS = 'other versions and other systems do not unpack it';
const LAYOUT = 'PyOCI cannot serve it';
const DAMAGED = 'the file is damaged where these two do not look';
const INDEX = 'the public index refuses it';

/**
 * Each kind that is known and meant. Whatever else we alone refuse is a fault of ours, until a line here says why it is
 * none. A line that no run needs any more may go.
 */
export const STRICTER: readonly Stricter[] = [
  // ZIP: src/python/wheel/zip
  { says: /has its size behind its data \(a data descriptor\)/, why: INDEX },
  { says: /bytes? follow its end record/, why: INDEX },
  { says: /belong to no member of the directory|stands in front of the archive/, why: STREAM },
  { says: /is not at \d+, where the directory says|reaches into the directory|overlaps with the member/, why: STREAM },
  {
    says: /its local header|the directory and the header of .* disagree|is encrypted/,
    why: STREAM,
  },
  { says: /has a second name in an extra field \(0x7075\)|an extra field of .* is cut short/, why: TWO_READERS },
  {
    says: /ZIP64 (?:end record|locator|extra field)|is said to lie on another disk|one part of an archive on several disks/,
    why: TWO_READERS,
  },
  {
    says: /asks for a newer version of the ZIP format|compressed with method|said to be a patch/,
    why: OTHER_INSTALLERS,
  },
  { says: /this is an empty ZIP archive/, why: TWO_READERS },
  { says: /compressed data of .* end after|unpacks to \d+ bytes, not to/, why: DAMAGED },
  { says: /\.dist-info folders at its top|on some disks .* take the place of/, why: TWO_READERS },
  { says: /is not in lower case|is not a regular file but a link or alike/, why: OTHER_INSTALLERS },
  {
    says: /the script .* leads out of the folder of scripts/,
    why: 'where that folder has another name, as on Windows, the script would be outside',
  },
  // Paths of both: src/python/archive/member-path.ts
  { says: /the path .* of a member (?:is absolute|leads out of the archive|holds)/, why: OTHER_INSTALLERS },
  { says: /it has two members named/, why: TWO_READERS },
  // tar and gzip: src/python/sdist
  { says: /its gzip stream is damaged or was cut short/, why: DAMAGED },
  { says: /bytes that are not zero follow the end of its gzip stream/, why: TWO_READERS },
  {
    says: /it goes on behind its end mark|an extended tar header (?:goes on behind|stands in front)/,
    why: TWO_READERS,
  },
  {
    says: /a member has several extended tar headers|a GNU (?:long name goes on|tar header has bytes)/,
    why: TWO_READERS,
  },
  { says: /a global pax header sets the|a pax header (?:sets .* twice|is malformed)/, why: TWO_READERS },
  { says: /a tar header has a .* (?:below zero|beyond all measure|that is no number)/, why: TWO_READERS },
  { says: /is unpacked through a link of the archive/, why: 'unpacking it writes over the metadata that was read' },
  { says: /its end holds the mark of a ZIP archive, as which pip before/, why: OTHER_INSTALLERS },
  { says: /all members of an sdist are in one folder|beside its folder it has/, why: OTHER_INSTALLERS },
  // Metadata and names: src/python/metadata, src/python/distribution.ts, src/pyoci/names.ts
  { says: /stands \d+ times, and readers take different ones/, why: TWO_READERS },
  {
    says: /continues a field, but none stands before it|is no field, so that|goes on over several lines|begins with "From "/,
    why: TWO_READERS,
  },
  { says: /holds the control character U\+/, why: TWO_READERS },
  {
    says: /is refused by pip: its URL begins with none of/,
    why: 'pip refuses a path where it follows it, and here a marker stood before that',
  },
  { says: /Cannot make a tag of version/, why: LAYOUT },
];
