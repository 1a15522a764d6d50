import { UserError } from '../core/errors.js';
import { parseTag, type Tag } from '../oci/reference.js';
import { parseVersion, type Version } from '../python/version.js';
import { LISTED_VERSIONS } from './layout.js';

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const LONGEST_TAG = 128;

/**
 * Where PyOCI looks for a project, below the namespace: pip asks for the normal name, PyOCI turns its dashes into
 * underscores.
 * @param project in normal form (`zope-interface`)
 */
export function repositoryOf(project: string): string {
  return project.replaceAll('-', '_');
}

/**
 * The tag of a version, as spelled: tags know no `+`, so PyOCI writes `-` for it.
 * @throws UserError if PyOCI would not read the same version back: an epoch, a dash in the spelling, more than 128
 * characters
 */
export function tagOf(version: Version): Tag {
  const { spelled, normal } = version;
  if (spelled.includes('!')) {
    throw unfit(
      spelled,
      'it has an epoch ("!"), which a tag cannot hold',
      'set a version without an epoch and build again',
    );
  }
  if (spelled.includes('-')) {
    const hint = `set the version to "${normal}" and build again`;
    throw unfit(spelled, 'PyOCI would read its dash back as "+", which is another version', hint);
  }
  if (spelled.length > LONGEST_TAG) {
    const hint = 'shorten the version (its local part, as a rule) and build again';
    throw unfit(spelled, `it has ${spelled.length} characters, and a tag at most ${LONGEST_TAG}`, hint);
  }
  return parseTag(spelled.replaceAll('+', '-'));
}

/** The version that PyOCI takes a tag for: it reads every dash as `+`. */
export function versionOfTag(tag: string): string {
  return tag.replaceAll('-', '+');
}

/** Whether PyOCI takes the tag for a version. One that is none makes it fail for the whole package. */
export function isVersionTag(tag: string): boolean {
  return parseVersion(versionOfTag(tag)) !== undefined;
}

/**
 * The name PyOCI serves a file under, put together again from project, tag and architecture. An odd spelling in the
 * name of the file that was published does not come back.
 */
export function servedName(project: string, tag: string, architecture: string): string {
  const dash = architecture.endsWith('.whl') ? '-' : '';
  return `${repositoryOf(project)}-${versionOfTag(tag)}${dash}${architecture}`;
}

/** The name of an attachment, put together in the same way: its architecture begins where the version ends. */
export function attachmentName(project: string, tag: string, architecture: string): string {
  return `${repositoryOf(project)}-${versionOfTag(tag)}${architecture}`;
}

/**
 * What installers take as index URL: PyOCI's own address, then registry and namespace as path. A registry that speaks
 * plain http is named with its scheme, URL-encoded into one path segment. Holds no credentials.
 * @param registryHost host and port
 */
export function indexUrl(pyociUrl: string, registryHost: string, scheme: 'http' | 'https', namespace: string): string {
  const registry = scheme === 'http' ? encodeURIComponent(`http://${registryHost}`) : registryHost;
  return `${pyociUrl.replace(/\/+$/, '')}/${registry}/${namespace}/`;
}

/**
 * Whether PyOCI leaves this version out: by default it lists the last hundred tags in string order, so that `0.10.0`
 * stands before `0.9.0`.
 * @param allTags of the repository, whether `tag` is there already or not
 */
export function beyondListing(tag: string, allTags: readonly string[]): boolean {
  return new Set(allTags.filter((other) => other > tag)).size >= LISTED_VERSIONS;
}

function unfit(spelled: string, why: string, hint: string): UserError {
  return new UserError(`Cannot make a tag of version "${spelled}": ${why}`, { hint });
}
