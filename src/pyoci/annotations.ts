import { byText } from '../core/order.js';
import type { Annotations } from '../oci/descriptor.js';
import type { Distribution } from '../python/distribution.js';
import type { DocumentContext } from './context.js';
import { defaultAnnotations } from './default-annotations.js';
import { ANNOTATION } from './layout.js';
import { isWebUrl } from './project-urls.js';

type Pairs = readonly (readonly [key: string, value: string])[];

/** Labels that are left out: what they would say is known from the file or the run, or is written by us or by PyOCI. */
const RESERVED_KEYS: readonly string[] = [
  ANNOTATION.title, // tools take it for the name of a file
  ANNOTATION.version,
  ANNOTATION.revision,
  ANNOTATION.created,
];
const RESERVED_PREFIXES = ['com.pyoci.', 'vnd.pyoci-publish.'];
const URL_KEYS: readonly string[] = [ANNOTATION.url, ANNOTATION.documentation, ANNOTATION.source];

/** What becomes of the label classifiers of one file. */
export interface LabelChoice {
  readonly taken: Pairs;
  /** Keys that only we write. */
  readonly reserved: readonly string[];
  /** Keys whose value must be a URL of http or https, and is not. */
  readonly noUrl: readonly string[];
}

/** Sorts the label classifiers of a file; an archive must not override what the run knows. Pure; labels are untrusted. */
export function labelChoice({ metadata: { labels } }: Distribution): LabelChoice {
  const isReserved = ([key]: Pairs[number]) =>
    RESERVED_KEYS.includes(key) || RESERVED_PREFIXES.some((prefix) => key.startsWith(prefix));
  const isNoUrl = ([key, value]: Pairs[number]) => URL_KEYS.includes(key) && value !== '' && !isWebUrl(value);
  return {
    taken: labels.filter((label) => !isReserved(label) && !isNoUrl(label)),
    reserved: labels.filter(isReserved).map(([key]) => key),
    noUrl: labels.filter(isNoUrl).map(([key]) => key),
  };
}

/** The annotations of one file's manifest: its label classifiers but for ours, then the user's, then the defaults. */
export function manifestAnnotations(distribution: Distribution, context: DocumentContext): Annotations {
  const { annotations, created, run } = context;
  return strongestFirst(created, [
    labelChoice(distribution).taken,
    Object.entries(annotations.manifest),
    annotations.defaults ? defaultAnnotations(distribution, distribution.filename, run) : [],
  ]);
}

/**
 * The annotations of a version's index: the user's, then the defaults. It describes itself from the sdist, else from
 * the first wheel by name, so that the jobs of a matrix say the same whenever they hold the same files.
 */
export function indexAnnotations(files: readonly Distribution[], context: DocumentContext): Annotations {
  const { annotations, created, run } = context;
  const speaker = speakerOf(files);
  return strongestFirst(created, [
    Object.entries(annotations.index),
    annotations.defaults && speaker ? defaultAnnotations(speaker, speaker.metadata.name, run) : [],
  ]);
}

/**
 * A key keeps the first value it is given; `created` is always the run's own and comes last; empty values are left out.
 *
 * Keys are untrusted. `Object.fromEntries` defines them as own members, `__proto__` too, so none is lost. Keys that
 * look like array indexes (`2`) come first in any JavaScript object and so in its JSON: the order of members says
 * nothing there, and the same input gives the same bytes.
 */
function strongestFirst(created: string, sources: readonly Pairs[]): Annotations {
  const chosen = new Map<string, string>();
  for (const [key, value] of sources.flat()) {
    if (value !== '' && key !== ANNOTATION.created && !chosen.has(key)) chosen.set(key, value);
  }
  return Object.fromEntries(chosen.set(ANNOTATION.created, created));
}

function speakerOf(files: readonly Distribution[]): Distribution | undefined {
  const sdist = files.find((file) => file.kind === 'sdist');
  return sdist ?? [...files].sort((a, b) => byText(a.filename, b.filename))[0];
}
