import type { Distribution } from '../python/distribution.js';
import type { Run } from './context.js';
import { ANNOTATION } from './layout.js';
import { isWebUrl, projectUrlsOf, wellKnownUrl } from './project-urls.js';

/** What GitHub shows of a package at most, in characters; counted in UTF-16 units, the strictest reading of that. */
const LONGEST_DESCRIPTION = 512;
const LONGEST_LICENSES = 256;

/**
 * What the metadata and the run say of a document, as standard annotations, so that registries and tools that know
 * nothing of Python can show it. Nothing is there that would be empty.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export function defaultAnnotations(
  distribution: Distribution,
  title: string,
  run: Run | undefined,
): readonly (readonly [key: string, value: string])[] {
  const { metadata, version } = distribution;
  const urls = projectUrlsOf(metadata).filter(([, url]) => isWebUrl(url));
  const said: readonly (readonly [string, string | undefined])[] = [
    [ANNOTATION.title, title],
    [ANNOTATION.version, version.spelled],
    [ANNOTATION.description, shortened(metadata.summary, LONGEST_DESCRIPTION)],
    [ANNOTATION.licenses, withinLimit(metadata.licenseExpression, LONGEST_LICENSES)],
    [ANNOTATION.url, wellKnownUrl(urls, 'homepage')],
    [ANNOTATION.documentation, wellKnownUrl(urls, 'documentation')],
    // GitHub links a package to this repository, and the run may only claim its own.
    [ANNOTATION.source, run ? run.repositoryUrl : wellKnownUrl(urls, 'source')],
    [ANNOTATION.revision, run?.revision],
    [ANNOTATION.authors, authorsOf(metadata.author, metadata.authorEmail)],
  ];
  return said.filter((pair): pair is readonly [string, string] => Boolean(pair[1]));
}

/** Cut between code points, an ellipsis marking the cut. */
function shortened(text: string | undefined, longest: number): string | undefined {
  if (text === undefined || text.length <= longest) return text;
  const cut = text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut.trimEnd()}…`;
}

/** Half a licence expression would be another licence, so a long one is left out. */
function withinLimit(text: string | undefined, longest: number): string | undefined {
  return text !== undefined && text.length <= longest ? text : undefined;
}

/**
 * `Author` and `Author-email` as one text. Backends put an author who has both into the second field, as
 * `Name <address>`, and keep the first for those without an address; older ones write one author's name and bare
 * address apart.
 */
function authorsOf(author: string | undefined, email: string | undefined): string | undefined {
  if (!author || !email) return author || email;
  if (email.includes(`${author} <`)) return email;
  const one = !author.includes(',') && /^[^\s<>,]+$/.test(email);
  return one ? `${author} <${email}>` : `${author}, ${email}`;
}
