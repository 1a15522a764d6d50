import { open } from 'node:fs/promises';
import { wheelEntries } from './builders.js';
import { centralHeader, endRecord, localHeader, zip, zip64End, zip64Extra } from './zip-builder.js';

const ONES = 0xffffffff;

/** A wheel with a stored member of zeros in front, in a file that takes no room on the disk. */
export async function writeGiant(path: string, size: number): Promise<void> {
  const name = Buffer.from('foo/giant.bin');
  const big = { name, flags: 0, method: 0, crc: 0x5eed, packed: ONES, size: ONES, extra: zip64Extra(size, size) };
  const head = localHeader(big);
  // A wheel of its own, moved behind the giant: RECORD is built as if the giant belonged to it.
  const small = wheelEntries({ entries: [{ name: name.toString() }] }).slice(1);
  const start = head.length + size;
  const apart = small.map((entry) => zip([entry]));
  const bodies = apart.map((bytes) => bytes.subarray(0, bytes.readUInt32LE(bytes.length - 6)));
  const centrals = apart.map((bytes) => bytes.subarray(bytes.readUInt32LE(bytes.length - 6), -22));
  let at = start;
  const directory = [centralHeader({ ...big, offset: 0, attributes: 0, comment: Buffer.alloc(0), disk: 0 })];
  for (const [index, central] of centrals.entries()) {
    const moved = Buffer.concat([central, zip64Extra(at)]);
    moved.writeUInt32LE(ONES, 42);
    moved.writeUInt16LE(12, 30);
    directory.push(moved);
    at += bodies[index]?.length ?? 0;
  }
  const central = Buffer.concat(directory);
  const place = { members: directory.length, length: central.length, offset: at };
  const wide = zip64End({ ...place, recordSize: 44, recordOffset: at + central.length });
  const members = directory.length;
  const narrow = endRecord({
    disk: 0,
    directoryDisk: 0,
    ...place,
    members,
    membersHere: members,
    offset: ONES,
    comment: Buffer.alloc(0),
  });
  const file = await open(path, 'w');
  try {
    await file.write(head, 0, head.length, 0);
    const rest = Buffer.concat([...bodies, central, wide, narrow]);
    await file.write(rest, 0, rest.length, start);
  } finally {
    await file.close();
  }
}
