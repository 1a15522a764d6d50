import { FilesError } from '../../core/errors.js';
import { failureOf } from '../../core/failure.js';
import { jsonText } from '../../core/text/json-text.js';
import type { VersionOutcome } from './outcome.js';
import { failuresOf, indexUrlOf, type Report } from './report.js';

/** Everything about a run as JSON text, failed versions included; docs/result.md describes the members. */
export function resultDocument(report: Report): string {
  const { address, outcome, error } = report;
  return jsonText({
    ok: failuresOf(report).length === 0,
    dryRun: outcome?.dryRun ?? false,
    registry: address?.registry,
    layout: address?.folder,
    namespace: address?.namespace,
    indexUrl: indexUrlOf(report),
    versions: (outcome?.versions ?? []).map(versionMember),
    warnings: outcome?.warnings ?? [],
    errors: error === undefined ? [] : errorMembers(report),
  });
}

function versionMember(version: VersionOutcome): object {
  const { name, image, repository, tag } = version;
  const identity = { name, version: version.version, repository, tag, image };
  if (!version.ok) {
    const { message, hint } = failureOf(version.error);
    return { ...identity, ok: false, filenames: version.filenames, message, hint };
  }
  const { digest, files, attachments, listed, protection } = version;
  return { ...identity, ok: true, digest, protection, files, attachments, listed };
}

/** Of the run as a whole: one, or one a file where files failed their checks. */
function errorMembers({ error }: Report): readonly object[] {
  const failures = failuresOf({ address: undefined, outcome: undefined, error });
  const problems = error instanceof FilesError ? error.problems.filter(({ severity }) => severity === 'warning') : [];
  return [
    ...failures.map(({ file, message, hint }) => ({ severity: 'error', file, message, hint })),
    ...problems.map(({ file, message, hint }) => ({ severity: 'warning', file, message, hint })),
  ];
}
