import type { ByteSource } from '../../core/bytes.js';
import { ArchiveError, quoted } from '../archive/archive-error.js';
import { fileKind } from '../archive/file-kind.js';
import { type Problem, warning } from '../problem.js';
import { gunzip } from './gzip.js';
import { PackedBytes } from './packed-bytes.js';
import { SdistTree } from './sdist-tree.js';
import { unpackTar } from './tar/tar-data.js';
import { TarFraming } from './tar/tar-framing.js';

const REPACK = 'publish it as the build backend packs it: python -m build --sdist';

/** What an sdist says about itself. */
export interface SdistContents {
  /** The one top-level folder: `foo-1.0`. */
  readonly top: string;
  /** The bytes of its PKG-INFO, 4 MiB at most. */
  readonly pkgInfo: Buffer;
  /** What installers may stumble over. */
  readonly findings: readonly Problem[];
}

/**
 * Reads an sdist's PKG-INFO from one stream of the whole file, once it is shown that every reader finds the same one.
 *
 * @see https://packaging.python.org/en/latest/specifications/source-distribution-format/
 * @throws ArchiveError
 */
export async function readSdist(bytes: ByteSource): Promise<SdistContents> {
  const kind = await fileKind(bytes);
  if (kind !== 'a gzip file') throw new ArchiveError(`an sdist is a tar archive in gzip, this is ${kind}`);
  const packed = new PackedBytes();
  const tree = new SdistTree();
  const framing = new TarFraming((member) => tree.add(member));
  for await (const chunk of gunzip(bytes, packed)) framing.push(chunk);
  if (packed.isZipForPython(bytes.size)) {
    throw new ArchiveError(
      'its end holds the mark of a ZIP archive, as which pip before 26.1 unpacks it whatever its name is',
      'build the sdist again; if that gives the same bytes, change a file of it',
    );
  }
  const [pkgInfo] = framing.finish();
  tree.finish();
  if (!pkgInfo) {
    throw new ArchiveError(`it has no ${quoted(`${tree.top ?? '<name>-<version>'}/PKG-INFO`)}, so it is no sdist`);
  }
  return { top: tree.top ?? '', pkgInfo: await unpackTar(pkgInfo), findings: [...unshared(packed)] };
}

/** What pip reads of gzip and uv does not. */
function* unshared(packed: PackedBytes): Generator<Problem> {
  if (packed.hasHeaderChecksum) {
    yield warning('its gzip header has a checksum of its own (FHCRC): pip unpacks it, uv does not', REPACK);
  }
  if (packed.hasSeveralMembers) {
    yield warning('it is several gzip members in a row: pip unpacks all of them, uv only the first', REPACK);
  }
}
