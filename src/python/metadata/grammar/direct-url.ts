import type { Fault } from './fault.js';

const FROM_GIT = /^git\+(?=(?:https?|ssh|file):)/;
const SCHEMES = 'https, http, file, git+https, git+http, git+ssh or git+file';
/** The archives that uv knows by their name, case and all. */
const ARCHIVE = /\.(?:whl|zip|tgz|tbz|txz|tlz|tar(?:\.(?:gz|bz2|xz|lz|lzma|zst))?)$/;

/**
 * Why the URL of a requirement (`name @ URL`) cannot be used. pip reads no URL before it fetches from there, so that this
 * is what uv has to say, but for an absolute path: uv takes it for a file, and pip asks for a scheme.
 */
export function directUrlFault(text: string): Fault | undefined {
  const git = FROM_GIT.test(text);
  if (!git && !/^(?:https?|file):/.test(text)) {
    return { by: text.startsWith('/') ? 'pip' : 'uv', cause: `its URL begins with none of ${SCHEMES}` };
  }
  const address = text.replace(FROM_GIT, '');
  if (!URL.canParse(address)) return { by: 'uv', cause: 'what follows its "@" is no URL' };
  const { protocol, host, pathname } = new URL(address);
  if (git) {
    const doubled = pathname.split('@').length > 2;
    return doubled ? { by: 'uv', cause: 'its URL has more than one "@" in its path', cure: 'write "%40"' } : undefined;
  }
  if (protocol === 'file:') {
    return host === '' ? undefined : { by: 'uv', cause: 'its URL names a file of another host' };
  }
  if (ARCHIVE.test(pathname.replace(/\/$/, ''))) return undefined;
  return { by: 'uv', cause: 'its URL does not end with the name of a wheel or of an archive' };
}
