import { isObject } from '../oci/descriptor.js';
import type { CoreMetadata } from '../python/metadata/metadata.js';

/** Label and URL in the order of the metadata. Pairs, because a plain object would move a label `2` to the front. */
export type ProjectUrls = CoreMetadata['projectUrls'];

/** The labels of PEP 753 that we read, by the name they stand for; the aliases are in normal form. */
const WELL_KNOWN = {
  homepage: ['homepage'],
  source: ['source', 'repository', 'sourcecode', 'github'],
  documentation: ['documentation', 'docs'],
} as const satisfies Record<string, readonly string[]>;

/** The Project-URLs, completed by the older `Home-page` field if no label says that it is the home page. */
export function projectUrlsOf(metadata: CoreMetadata): ProjectUrls {
  const { projectUrls, homePage } = metadata;
  if (!homePage || wellKnownUrl(projectUrls, 'homepage') !== undefined) return projectUrls;
  return [...projectUrls, ['Homepage', homePage]];
}

/** The first URL whose label stands for `name`, whatever its spelling: `Source Code`, `source-code`, `Repository`. */
export function wellKnownUrl(urls: ProjectUrls, name: keyof typeof WELL_KNOWN): string | undefined {
  const aliases: readonly string[] = WELL_KNOWN[name];
  return urls.find(([label]) => aliases.includes(normalLabel(label)))?.[1];
}

/** Whether a text is a URL of http or https: other schemes (`javascript:`, `file:`) are not handed on to be clicked. */
export function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/**
 * A JSON object of label to URL, as `com.pyoci.project_urls` holds it; `{}` if there are none. Written pair by pair:
 * an object would lose a label `__proto__` on assignment and reorder labels that look like array indexes.
 */
export function projectUrlsJson(urls: ProjectUrls): string {
  return `{${urls.map(([label, url]) => `${JSON.stringify(label)}:${JSON.stringify(url)}`).join(',')}}`;
}

/**
 * What `projectUrlsJson` wrote, or another publisher; the text is untrusted. Labels that look like array indexes (`2`)
 * come first, and of a label that is given twice the last counts, as JSON.parse has it.
 * @returns none if the text is no JSON object; without what is no text
 */
export function parseProjectUrls(text: string | undefined): ProjectUrls {
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}

/**
 * Without ASCII punctuation and white space, in lower case.
 * @see https://packaging.python.org/en/latest/specifications/well-known-project-urls/#label-normalization
 */
function normalLabel(label: string): string {
  return label.replace(/[\t-\r !-/:-@[-`{-~]/g, '').toLowerCase();
}
