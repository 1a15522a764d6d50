import { memoryBytes } from '../../../src/core/bytes.js';
import { UserError } from '../../../src/core/errors.js';
import { servedName, tagOf } from '../../../src/pyoci/names.js';
import { readDistribution } from '../../../src/python/distribution.js';
import type { CoreMetadata } from '../../../src/python/metadata/metadata.js';
import { parseVersion, type Version } from '../../../src/python/version.js';
import type { GeneratedFile } from '../../support/hostile/file.js';
import type { PythonReader, PythonReading } from './python-reader.js';

/** What a reader of ours says that a file is. */
export interface Identity {
  readonly project: string;
  readonly version: Version;
  readonly architecture: string;
  readonly metadata: Pick<CoreMetadata, 'name' | 'version' | 'projectUrls' | 'labels'>;
}

/** A reader to be compared with Python: resolves to `undefined` where it refuses the file. */
export type Reader = (file: GeneratedFile) => Promise<Identity | undefined>;

/** The reader that we publish with, and what the layout can express of what it accepts. */
export const ourReader: Reader = async ({ name, bytes }) => {
  const { distribution } = await readDistribution(name, memoryBytes(bytes));
  try {
    return distribution && tagOf(distribution.version) ? distribution : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

export type Comparison = 'accepted' | 'refused by both' | 'refused by us alone';

/**
 * Has a file read by a reader and by Python's.
 * @throws Error that tells each difference, if the reader accepts the file and one of Python's sees another one in it
 */
export async function compare(file: GeneratedFile, reader: Reader, python: PythonReader): Promise<Comparison> {
  const identity = await reader(file);
  if (!identity) {
    const readings = await python.read(file);
    return readings.some(({ error }) => error !== undefined) ? 'refused by both' : 'refused by us alone';
  }
  const { project, version, architecture } = identity;
  const served = servedName(project, tagOf(version), architecture);
  const readings = await python.read({ ...file, accepted: { spelled: version.spelled, served } });
  const found = readings.flatMap((reading) => differences(identity, reading));
  if (found.length > 0) throw new Error(`${file.name}: read by us and by Python differently\n${found.join('\n')}`);
  return 'accepted';
}

function differences({ project, version, metadata }: Identity, reading: PythonReading): readonly string[] {
  if (reading.error !== undefined) return [`${reading.by}: ${reading.error}`];
  // Name and Version as they stand there are compared only where a reader gives them; so are the others.
  const expected: Record<string, unknown> = {
    name: metadata.name,
    version: metadata.version,
    project,
    urls: metadata.projectUrls,
    labels: metadata.labels,
  };
  const stated = Object.entries(reading).filter(([member]) => member in expected);
  const found = stated.filter(([member, value]) => JSON.stringify(value) !== JSON.stringify(expected[member]));
  const same = reading.by === 'packaging' ? reading.normal === version.normal : keyOf(reading) === version.key;
  return [
    ...found.map(([member, value]) => `${reading.by}: ${member} is ${text(value)}, ours ${text(expected[member])}`),
    ...(same ? [] : [`${reading.by}: the version is ${text(reading.normal)}, ours ${text(version.normal)}`]),
  ];
}

function keyOf({ normal }: PythonReading): string | undefined {
  return normal === undefined ? undefined : parseVersion(normal)?.key;
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
