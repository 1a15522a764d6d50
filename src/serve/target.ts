/** What the path of a request asks for. Pure; the path is whatever a client sends. */
import { normalName } from '../python/name.js';

/** `simple`: names that are not ours are left to the fallback. `owned`: they are not there. */
export type Root = 'simple' | 'owned';

export type Target =
  | { readonly kind: 'health' | 'report' | 'upload' }
  | { readonly kind: 'root'; readonly root: Root }
  | { readonly kind: 'project' | 'json'; readonly root: Root; readonly project: string }
  | { readonly kind: 'file' | 'metadata'; readonly sha256: string; readonly filename: string }
  /** The same page under its one address: a path from the root of the server. */
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'absent' }
  /** What no client of ours would ask for. */
  | { readonly kind: 'bad'; readonly why: string };

const LONGEST = 4_096;
const METADATA = '.metadata';
const ABSENT: Target = { kind: 'absent' };

/**
 * @param url of the request: path and query
 * @param base where the index lies on this server: `ghcr.io/octo-org`
 */
export function targetOf(url: string, base: string): Target {
  if (url.length > LONGEST) return bad(`the address is longer than ${LONGEST} characters`);
  const path = url.split(/[?#]/, 1)[0] ?? '';
  if (!path.startsWith('/')) return bad('the address is no path');
  if (/%2f|%5c|%00|\\/i.test(path)) return bad('the address hides a slash');
  let segments: readonly string[];
  try {
    segments = path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return bad('the address has a broken escape');
  }
  if (segments.some((segment) => segment === '.' || segment === '..')) return bad('the address has a dot as a segment');
  if (path === '/health') return { kind: 'health' };
  // pipenv and others join addresses with one slash too many.
  const [last, ...before] = [segments.at(-1) ?? '', ...segments.slice(0, -1).filter((segment) => segment !== '')];
  const whole = [...before, last];
  const within = base.split('/');
  if (!within.every((segment, at) => whole[at] === segment)) return ABSENT;
  return targetWithin(whole.slice(within.length), base);
}

function targetWithin(segments: readonly string[], base: string): Target {
  const [first, second = '', third, ...more] = segments;
  if (more.length) return ABSENT;
  if (first === 'report' && segments.length === 1) return { kind: 'report' };
  if (first === 'legacy' && second === '' && third === undefined) return { kind: 'upload' };
  if (first === 'files') return third === undefined ? ABSENT : fileTarget(second, third);
  if (first !== 'simple' && first !== 'owned') return ABSENT;
  if (segments.length === 1) return { kind: 'moved', to: `/${base}/${first}/` };
  if (second === '') return third === undefined ? { kind: 'root', root: first } : ABSENT;
  const project = normalName(second);
  if (project === undefined) return ABSENT;
  if (third === 'json') return { kind: 'json', root: first, project };
  if (third === undefined || second !== project) return { kind: 'moved', to: `/${base}/${first}/${project}/` };
  return third === '' ? { kind: 'project', root: first, project } : ABSENT;
}

function fileTarget(sha256: string, name: string): Target {
  if (!/^[0-9a-f]{64}$/.test(sha256) || name === '') return ABSENT;
  if (!name.endsWith(METADATA)) return { kind: 'file', sha256, filename: name };
  return { kind: 'metadata', sha256, filename: name.slice(0, -METADATA.length) };
}

function bad(why: string): Target {
  return { kind: 'bad', why };
}
