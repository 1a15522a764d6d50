/** What always stays: versions by specifier, or by a pattern of their names. */
import { isMatch } from '../core/text/glob.js';
import { fits, parseSpecifiers } from '../python/specifier.js';
import type { Version } from '../python/version.js';

export interface Keep {
  /** As written. */
  readonly text: string;
  /** Whether a version stays, whatever the rules say. */
  keeps(version: Version, tag: string): boolean;
}

/**
 * `>=1.2,<2` takes versions as pip does, pre-releases included; anything else is a pattern, `*` for any characters and `?`
 * for one, which is held against the whole version in its normal form, and against the tag.
 * @throws UsageError for a specifier that pip or uv cannot read, or nothing at all
 */
export function parseKeep(text: string): Keep {
  const bare = text.trim();
  if (bare === '' || /^[<>=!~]/.test(bare)) {
    const specifiers = parseSpecifiers(bare);
    return { text: bare, keeps: (version) => fits(specifiers, version) };
  }
  const pattern = bare.toLowerCase();
  return {
    text: bare,
    keeps: ({ normal }, tag) => [normal, tag].some((name) => isMatch(name.toLowerCase(), pattern)),
  };
}
