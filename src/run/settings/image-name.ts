import { type Digest, isDigest } from '../../core/digest.js';
import { UsageError, UserError } from '../../core/errors.js';
import { shellWord } from '../../core/text/shell.js';
import { isTag, parseRepositoryName, type RepositoryName, type Tag } from '../../oci/reference.js';
import { parseRegistry, type RegistryOrigin } from '../../oci/registry/login/registry-host.js';

/** A repository, or a version in it, as written on a command line. */
export interface ImageName {
  /** `undefined` in a layout folder. */
  readonly origin: RegistryOrigin | undefined;
  readonly repository: RepositoryName;
  readonly tag: Tag | undefined;
  /** Of an index that is meant and no other. */
  readonly digest: Digest | undefined;
}

/**
 * `[HOST[:PORT]/]OWNER/NAME[:TAG[@DIGEST]]`, as publishing prints it. A local version may be written with its `+`.
 * @param inFolder whether it lies in a layout folder, so that no host stands in front
 * @throws UsageError saying what was found and what is expected
 */
export function parseImageName(text: string, inFolder: boolean): ImageName {
  const expected = inFolder ? 'octo-org/my_package:1.0' : 'ghcr.io/octo-org/my_package:1.0';
  const [, scheme = '', name = '', tag, digest] = SHAPE.exec(text.trim()) ?? [];
  const slash = inFolder ? -1 : name.indexOf('/');
  const host = `${scheme}${name.slice(0, Math.max(slash, 0))}`;
  const wrong = (what: string): UsageError =>
    new UsageError(`Cannot use "${withoutUser(text)}" as an image: ${what}`, { hint: `write it as in ${expected}` });
  if (withoutUser(text) !== text) throw wrong('user and password do not belong into it, and are left out here');
  if (name === '') throw wrong('it has another form');
  if (scheme !== '' && inFolder) throw wrong('a folder has no addresses');
  if (!inFolder && scheme === '' && !/[.:]|^localhost$/i.test(host)) throw wrong('it names no registry in front');
  if (digest !== undefined && !isDigest(digest)) throw wrong(`"${digest}" is no sha256 digest`);
  if (digest !== undefined && tag === undefined) throw wrong('it has a digest and no tag, which is the version');
  const written = tag?.replaceAll('+', '-');
  if (written !== undefined && !isTag(written)) throw wrong(`"${tag}" is no tag`);
  try {
    return {
      origin: inFolder ? undefined : parseRegistry(host),
      repository: parseRepositoryName(name.slice(slash + 1).toLowerCase(), inFolder ? '' : host),
      tag: written,
      digest,
    };
  } catch (error) {
    throw error instanceof UserError ? wrong(error.message) : error;
  }
}

/** Scheme, host and path, tag behind the last colon after the last slash, digest. */
const SHAPE = /^(https?:\/\/)?([^@]*?)(?::([^/:@]*))?(?:@(.*))?$/i;

/** Whoever puts a password in front of the host shall not find it in a log. What stands in front of a digest is none. */
function withoutUser(text: string): string {
  return text.replace(/^(\s*(?:[a-z]+:\/\/)?)[^/]*@(?!sha\d+:[0-9a-f]{32,}\s*$)/i, '$1');
}

/** How the repository is named when talking to the user: with the host where there is one. */
export function imageText({ repository }: ImageName, host: string | undefined): string {
  return host === undefined ? repository : `${host}/${repository}`;
}

/** What stands before a repository's name where `show` and `pull` are to read it from. */
export function commandPrefix(origin: RegistryOrigin | undefined, folder: string | undefined): string {
  if (folder !== undefined) return `--oci-layout ${shellWord(folder)} `;
  return origin === undefined ? '' : `${origin.scheme === 'http' ? 'http://' : ''}${origin.host}/`;
}
