/** The version in package.json, kept here so that a bundle need not read files; a test holds the two together. */
export const VERSION = '0.1.0';

/** How a face names itself to registries and APIs. */
export function userAgent(face: 'action' | 'command'): string {
  return `pyoci-publish/${VERSION} (${face})`;
}
