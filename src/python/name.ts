const LEGAL = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/**
 * The normal form of a project's name (PEP 503), which equal names share: `Zope.Interface` is `zope-interface`.
 * ASCII is tested before letters are made small, because there are others whose small form is ASCII (U+212A is `k`).
 *
 * @returns `undefined` if `text` is no legal name
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
export function normalName(text: string): string | undefined {
  return LEGAL.test(text) ? text.replace(/[-_.]+/g, '-').toLowerCase() : undefined;
}

/** A name as today's backends write it into file names: `zope_interface`. */
export function fileForm(normal: string): string {
  return normal.replaceAll('-', '_');
}
