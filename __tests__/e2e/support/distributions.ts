import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';

/** What Python's standard library reads in a distribution: nothing here went through our own code. */
export interface Facts {
  /** Absolute. */
  readonly path: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  /** In normal form. */
  readonly name: string;
  /** As the metadata has it. */
  readonly projectName: string;
  /** As spelled in the file name. */
  readonly version: string;
  readonly architecture: string;
  /** METADATA of a wheel; `null` for an sdist. */
  readonly coreMetadata: string | null;
  readonly requiresPython: string | null;
  readonly summary: string | null;
  readonly licenseExpression: string | null;
  readonly author: string | null;
  readonly authorEmail: string | null;
  readonly homePage: string | null;
  readonly projectUrls: readonly string[];
  readonly classifiers: readonly string[];
}

export interface Distributions {
  /** Downloaded and built ones, some 480 MB, of several projects. */
  readonly published: readonly Facts[];
  /** demo-flit 0.3.0 once more, under the same names with other bytes. */
  readonly rebuilt: readonly Facts[];
  /** demo-flit 0.4.0. */
  readonly later: readonly Facts[];
}

/** Builds and downloads what is not kept yet: a minute or two the first time. */
export function distributions(): Distributions {
  return asked([cacheFolder()]) as Distributions;
}

/** @param paths of wheels and sdists that Python can read; absolute */
export function factsOf(paths: readonly string[]): readonly Facts[] {
  return asked(['--facts', ...paths]) as readonly Facts[];
}

function asked(args: readonly string[]): unknown {
  const script = fileURLToPath(new URL('distributions.py', import.meta.url));
  const listing = execFileSync('python3', [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(listing);
}

/** The files of one project that were built with the others. */
export function ofProject(files: readonly Facts[], name: string): readonly Facts[] {
  const found = files.filter((file) => file.name === name);
  if (found.length === 0) throw new Error(`No distribution of ${name}: is it in distributions.py?`);
  return found;
}
