/** What a run came to, in the words of each place that wants to know. Everything here is pure. */
import { FilesError } from '../../core/errors.js';
import { type Failure, failureOf, fileFailures } from '../../core/failure.js';
import { indexUrl } from '../../pyoci/names.js';
import type { FailedVersion, Outcome, PublishedVersion } from './outcome.js';
import { StoppedError } from './stopped.js';

/** Where a run publishes to. */
export interface Address {
  /** Host and port; `undefined` for a folder. */
  readonly registry: string | undefined;
  readonly scheme: 'https' | 'http';
  readonly namespace: string;
  /** The OCI layout folder, if it is one. */
  readonly folder: string | undefined;
  /** Address of the PyOCI server, without a slash at its end. */
  readonly pyociUrl: string;
}

/** A run that is over, whichever way. A run that fails as a whole has an `error` and perhaps nothing else. */
export interface Report {
  readonly address: Address | undefined;
  readonly outcome: Outcome | undefined;
  readonly error: unknown;
}

/**
 * All failures, those of the run first, then version by version; that somebody stopped the run is the last word. Empty
 * exactly if the run succeeded.
 */
export function failuresOf({ error, outcome }: Report): readonly Failure[] {
  const ofRun =
    error === undefined ? [] : error instanceof FilesError ? fileFailures(error.problems) : [failureOf(error)];
  const failed = (outcome?.versions ?? []).filter((version): version is FailedVersion => !version.ok);
  if (error instanceof StoppedError) {
    const others = failed.filter((version) => !error.covers(version));
    return [...others.map((version) => failureOf(version.error, `${version.name} ${version.version}`)), ...ofRun];
  }
  return [...ofRun, ...failed.map((version) => failureOf(version.error, `${version.name} ${version.version}`))];
}

/** Versions that were published, or would be in a dry run; sorted as the outcome is. */
export function publishedOf({ outcome }: Report): readonly PublishedVersion[] {
  return (outcome?.versions ?? []).filter((version): version is PublishedVersion => version.ok);
}

/** For pip and uv, without credentials; `undefined` where PyOCI reads nothing: in a folder, or before anything began. */
export function indexUrlOf({ address }: Report): string | undefined {
  if (address?.registry === undefined) return undefined;
  return indexUrl(address.pyociUrl, address.registry, address.scheme, address.namespace);
}

/** What became of the run itself, for whoever is not told the rest: the end of a sentence. */
export function completionOf(report: Report): string {
  if (failuresOf(report).length) return 'the publish itself failed';
  return report.outcome?.dryRun ? 'the dry run itself is complete' : 'the publish itself is complete';
}
