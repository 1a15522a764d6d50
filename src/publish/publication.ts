import type { VersionGroup } from '../check/check.js';
import { parseRepositoryName, type RepositoryName, type Tag } from '../oci/reference.js';
import type { Repository, Store } from '../oci/store.js';
import { repositoryOf, tagOf } from '../pyoci/names.js';
import type { Distribution } from '../python/distribution.js';
import type { Version } from '../python/version.js';

/** Where one version of one project goes. */
export interface VersionTarget {
  /** Normal form: `zope-interface`. */
  readonly project: string;
  readonly version: Version;
  readonly repository: Repository;
  readonly tag: Tag;
  /** `ghcr.io/owner/name:tag`; in a folder `owner/name:tag`. */
  readonly image: string;
  readonly files: readonly Distribution[];
}

export interface Place {
  readonly store: Store;
  /** Host and port; `undefined` for a folder. */
  readonly registry: string | undefined;
  readonly namespace: string;
}

/**
 * Where each version goes; versions of one project share their repository.
 * @throws UsageError if namespace and name make no legal repository name
 */
export function targetsOf(place: Place, versions: readonly VersionGroup[]): readonly VersionTarget[] {
  const repositories = new Map<RepositoryName, Repository>();
  return versions.map(({ project, version, files }) => {
    const path = [place.namespace, repositoryOf(project)].filter((part) => part !== '').join('/');
    const name = parseRepositoryName(path, place.registry);
    const repository = repositories.get(name) ?? place.store.repository(name);
    repositories.set(name, repository);
    const tag = tagOf(version);
    const image = `${place.registry === undefined ? '' : `${place.registry}/`}${name}:${tag}`;
    return { project, version, repository, tag, image, files };
  });
}
