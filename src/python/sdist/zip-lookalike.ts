const END = 22;
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');

/** How many bytes of a file's end are to be looked at: an end record and the longest comment, as Python has it. */
export const LOOKED_AT = (1 << 16) + END;

/**
 * Whether `zipfile.is_zipfile` of Python takes a file for a ZIP archive, whatever its name and its first bytes: if an end
 * record begins in its last 64 KiB and 22 bytes. That is the rule up to Python 3.13; later ones look for a directory too.
 *
 * @param tail the last `LOOKED_AT` bytes of the file, or all of it
 * @see https://github.com/python/cpython/blob/v3.13.0/Lib/zipfile/__init__.py (`_EndRecData`)
 */
export function isZipForPython(tail: Buffer): boolean {
  if (tail.length < END) return false;
  const plain = tail.subarray(-END);
  if (plain.indexOf(END_SIGNATURE) === 0 && plain.readUInt16LE(END - 2) === 0) return true;
  const at = tail.lastIndexOf(END_SIGNATURE);
  // Python looks at the last one only: one that is cut short hides all others.
  return at >= 0 && at + END <= tail.length;
}
