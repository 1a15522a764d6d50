/** Whether the names that a distribution gives itself are one: file name, metadata, folder in the archive. */
import { quoted } from './archive/archive-error.js';
import type { NameSplit, SdistName, WheelName } from './filename.js';
import type { Identified } from './metadata/metadata.js';
import { fileForm, normalName } from './name.js';
import { type OnProblem, type Problem, refusal, warning } from './problem.js';
import { parseVersion } from './version.js';

/** What setuptools writes for a name that it did not find. */
const NO_NAME = 'UNKNOWN';
const RESTORE = 'publish the file under the name it was built with';
const DIST_INFO = '.dist-info';

/**
 * Refuses what was built without a name. uv takes the name as missing, whatever the version; a project that is really
 * called `unknown` can write it in another case.
 */
export function checkNamed({ metadata }: Identified, report: OnProblem): void {
  if (metadata.name !== NO_NAME) return;
  report(
    refusal(
      `its name is ${quoted(NO_NAME)}, which setuptools writes when it finds none: uv refuses to install it`,
      'require setuptools>=61 in [build-system] of pyproject.toml, as older ones do not read [project], and build again',
    ),
  );
}

/** Reports each way in which a wheel's name and its metadata differ. pip discards such a file. */
export function checkWheelName(name: WheelName, identified: Identified, report: OnProblem): void {
  disagreements('METADATA', name, identified).forEach(report);
}

/**
 * Which way to read an sdist's name is the right one: that whose parts equal Name and Version.
 * @returns `undefined`, and a report, if there is none
 */
export function resolveSdistName(name: SdistName, identified: Identified, report: OnProblem): NameSplit | undefined {
  const split = name.splits.find((candidate) => disagreements('PKG-INFO', candidate, identified).length === 0);
  if (split) return split;
  // Told of the likeliest way to read it: that with the right name, else the last dash, as today's backends write it.
  const named = name.splits.find((candidate) => normalName(candidate.name) === identified.project);
  const likeliest = named ?? name.splits.at(-1);
  if (likeliest) disagreements('PKG-INFO', likeliest, identified).forEach(report);
  return undefined;
}

/** Warns where the name is another than today's backends give: PyOCI serves the file under that one. */
export function checkSpelling(spelledName: string, project: string, report: OnProblem): void {
  const expected = fileForm(project);
  if (spelledName === expected) return;
  report(
    warning(
      `its name begins with ${quoted(spelledName)}, it will be served as ${quoted(expected)}`,
      'current build backends write that name themselves',
    ),
  );
}

/**
 * The folder that holds a wheel's METADATA must carry the project's name. Its version is only warned about, since
 * installers don't look at it.
 * @param folder `foo-1.0.dist-info`
 */
export function checkDistInfo(folder: string, { project, version }: Identified, report: OnProblem): void {
  const parts = folder.slice(0, -DIST_INFO.length).split('-');
  const splits = parts.slice(1).map((_, index) => ({
    name: parts.slice(0, index + 1).join('-'),
    version: parts.slice(index + 1).join('-'),
  }));
  const named = splits.filter(({ name }) => normalName(name) === project);
  const expected = `${fileForm(project)}-${version.normal}${DIST_INFO}`;
  const said = `its folder is ${quoted(folder)}, expected ${quoted(expected)}`;
  if (named.length === 0) report(refusal(said));
  else if (!named.some((split) => parseVersion(split.version)?.key === version.key)) report(warning(said));
}

function disagreements(
  member: string,
  split: NameSplit,
  { metadata, project, version }: Identified,
): readonly Problem[] {
  const findings: Problem[] = [];
  if (normalName(split.name) !== project) {
    findings.push(
      refusal(
        `the file is named for project ${quoted(split.name)}, its ${member} for ${quoted(metadata.name)}`,
        RESTORE,
      ),
    );
  }
  if (split.version.key !== version.key) {
    findings.push(
      refusal(
        `the file is named for version ${quoted(split.version.spelled)}, its ${member} for ${quoted(metadata.version)}`,
        RESTORE,
      ),
    );
  }
  return findings;
}
