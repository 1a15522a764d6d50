import { UnusableAuthFileError } from './auth-file-content.js';
import { type AuthFolders, authFiles } from './auth-files.js';
import type { PathCredentials } from './credentials.js';
import { credentialsIn, type DockerConfigPorts, type Kept, type Place } from './docker-config.js';

export interface KeptCredentials extends Kept {
  /** Files that came before what was found, and are of no use. */
  readonly unusable: readonly UnusableAuthFileError[];
}

/**
 * What login commands keep for a place on this machine: in the first file that has an entry for all of it. Files before
 * that one may have entries for parts of it.
 */
export async function keptCredentials(
  place: Place,
  { folders, ...ports }: DockerConfigPorts & { readonly folders: AuthFolders },
): Promise<KeptCredentials> {
  if (folders.home === undefined && !folders.env.DOCKER_CONFIG) {
    ports.log.info('No Docker config file is read: this user has no home folder, and DOCKER_CONFIG names none');
  }
  const narrower: PathCredentials[] = [];
  const unusable: UnusableAuthFileError[] = [];
  for (const file of authFiles(folders)) {
    try {
      const kept = await credentialsIn(file, place, ports);
      narrower.push(...kept.narrower);
      if (kept.credentials) return { credentials: kept.credentials, narrower, unusable };
    } catch (error) {
      if (!(error instanceof UnusableAuthFileError)) throw error;
      unusable.push(error);
    }
  }
  return { credentials: undefined, narrower, unusable };
}
