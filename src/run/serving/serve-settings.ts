/** Turns the inputs of the package index into typed settings, and tells everything that is wrong with them at once. */
import type { GitHubJob } from '../../github/job.js';
import { InputReader } from '../settings/input-reader.js';
import { SERVE_INPUTS, type ServeInputs, type Spelling } from '../settings/inputs.js';
import { type Login, loginOf } from '../settings/login.js';
import { type Place, placeOf } from '../settings/place.js';
import { fallbackOf } from './fallback.js';

export interface ServeSettings {
  /** Names and globs as written; none for a folder means all that is in it. */
  readonly packages: readonly string[];
  readonly place: Place;
  readonly login: Login;
  /** `auto`: the index that the environment uses already. */
  readonly fallback: 'auto' | 'none' | URL;
  readonly extraIndexes: 'refuse' | 'allow';
  /** `undefined`: the usual one, or another if that is taken. */
  readonly port: number | undefined;
}

const LAST_PORT = 65_535;

/** @throws UsageError naming every wrong value, what was found and what is expected */
export function readServeSettings(
  raw: ServeInputs,
  github: GitHubJob | undefined,
  spelled: Spelling<typeof SERVE_INPUTS>,
): ServeSettings {
  const input = new InputReader(SERVE_INPUTS, raw, spelled);
  const packages = input.lines('packages').flatMap((line) => line.split(/[,\s]+/).filter((name) => name !== ''));
  const place = placeOf(input, github, spelled);
  if (!packages.length && place.kind === 'registry') {
    input.complain('packages', 'nothing was given, expected the names of your packages, as in hello-pyoci or acme-*');
  }
  const fallback = input.parsed('fallback', (text) =>
    text === 'auto' || text === 'none' ? text : fallbackOf({ where: spelled('fallback'), url: text }),
  );
  if (packages.some((name) => /^(?:.*\/)?\*+$/.test(name)) && fallback !== 'none') {
    input.complain(
      'packages',
      `found "*", which takes every name: write the names, or set ${spelled('fallback')} to none`,
    );
  }
  const settings: ServeSettings = {
    packages,
    place,
    login: loginOf(input, github, spelled),
    fallback: fallback ?? 'none',
    extraIndexes: input.oneOf('extra-indexes', ['refuse', 'allow']),
    port: input.wholeIfGiven('port', 1, LAST_PORT),
  };
  input.finish();
  return settings;
}
