import { byText } from '../core/order.js';
import type { Annotations } from '../oci/descriptor.js';
import type { Distribution } from '../python/distribution.js';
import type { DocumentContext } from './context.js';
import { defaultAnnotations } from './default-annotations.js';
import { ANNOTATION } from './layout.js';

type Pairs = readonly (readonly [key: string, value: string])[];

/** The annotations of one file's manifest: its label classifiers, then the user's, then the defaults. */
export function manifestAnnotations(distribution: Distribution, context: DocumentContext): Annotations {
  const { annotations, created, run } = context;
  return strongestFirst(created, [
    distribution.metadata.labels,
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
