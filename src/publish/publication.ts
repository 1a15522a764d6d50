/** Says where each version of a job goes: its repository, its tag, its name for messages. */
import type { VersionGroup } from '../check/version-group.js';
import { parseRepositoryName, type RepositoryName } from '../oci/reference.js';
import type { Repository } from '../oci/store.js';
import { repositoryOf, tagOf } from '../pyoci/names.js';
import type { TaggedVersion } from '../release/merge/writer.js';
import type { Job } from './job.js';

/** One version of one project on its way to its tag: which files, and where they go. */
export interface Publication extends VersionGroup, TaggedVersion {}

/**
 * Where each version of a job goes; versions of one project share their repository.
 * @throws UsageError if namespace and name make no legal repository name
 */
export function publicationsOf({ store, registry, namespace, versions }: Job): readonly Publication[] {
  const repositories = new Map<RepositoryName, Repository>();
  return versions.map((group) => {
    const path = [namespace, repositoryOf(group.project)].filter((part) => part !== '').join('/');
    const name = parseRepositoryName(path, registry);
    const repository = repositories.get(name) ?? store.repository(name);
    repositories.set(name, repository);
    const tag = tagOf(group.version);
    const image = `${registry === undefined ? '' : `${registry}/`}${name}:${tag}`;
    return { ...group, repository, tag, image };
  });
}
