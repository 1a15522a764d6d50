import { UsageError } from '../../core/errors.js';
import type { Annotations } from '../../oci/descriptor.js';

export interface AnnotationInput {
  readonly manifest: Annotations;
  readonly index: Annotations;
}

/** When the documents are made is ours to say, and one value for a whole run; metadata generators print it as well. */
const OURS = 'org.opencontainers.image.created';
const LEVELS = ['manifest', 'index'] as const;

/**
 * The `annotations` input: `key=value` a line, for both levels, or behind a prefix for some: `manifest:`, `index:`,
 * `manifest,index:`. This is what docker/metadata-action prints. An empty value says nothing; of two lines with one key
 * the later counts.
 * @throws UsageError naming every line that is not of this form
 */
export function parseAnnotations(text: string): AnnotationInput {
  const found = { manifest: new Map<string, string>(), index: new Map<string, string>() };
  const wrong: string[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, at) => {
    if (line.trim() === '') return;
    const parsed = parseLine(line.trim());
    if (typeof parsed === 'string') {
      wrong.push(`line ${at + 1} ("${line.trim()}") ${parsed}`);
      return;
    }
    for (const level of parsed.levels) {
      if (parsed.value !== '' && parsed.key !== OURS) found[level].set(parsed.key, parsed.value);
    }
  });
  if (wrong.length) throw new UsageError(wrong.join('; '));
  return { manifest: Object.fromEntries(found.manifest), index: Object.fromEntries(found.index) };
}

interface Line {
  readonly levels: readonly (typeof LEVELS)[number][];
  readonly key: string;
  readonly value: string;
}

/** The line taken apart, or what is wrong with it. */
function parseLine(line: string): Line | string {
  const equals = line.indexOf('=');
  if (equals < 0) return 'has no "=", expected key=value';
  const colon = line.slice(0, equals).lastIndexOf(':');
  const key = line.slice(colon + 1, equals).trim();
  const value = line.slice(equals + 1).trim();
  if (key === '') return 'has no key before the "=", expected key=value';
  if (/\s/.test(key)) return `has blanks in its key "${key}"`;
  if (colon < 0) return { levels: LEVELS, key, value };

  const levels = line
    .slice(0, colon)
    .split(',')
    .map((level) => level.trim());
  const unknown = levels.find((level) => !LEVELS.some((known) => known === level));
  if (unknown !== undefined) return `is for "${unknown}", expected "manifest", "index" or "manifest,index"`;
  return { levels: LEVELS.filter((level) => levels.includes(level)), key, value };
}
