/** What GitHub makes of a package's source, said before it is copied to another owner. */
import type { Log } from '../../core/ports.js';
import type { OpenStore } from '../open-store.js';

/**
 * GitHub links a package to the repository that its first version names as its source, by an annotation that a copy keeps.
 * @returns what to call for each version that will be new: says it once a package, and only where owners differ
 */
export async function linkNotice(
  { origin, onGitHub }: Pick<OpenStore, 'origin' | 'onGitHub'>,
  log: Log,
): Promise<(image: string, source: string) => void> {
  const links = origin?.host === 'ghcr.io' || (await onGitHub().catch(() => false));
  const said = new Set<string>();
  return (image, source) => {
    const [, owner = ''] = image.split('/');
    const named = /^https:\/\/[^/]+\/([^/]+)\/[^/]+/.exec(source)?.[1] ?? owner;
    const project = image.slice(0, image.lastIndexOf(':'));
    if (!links || named.toLowerCase() === owner.toLowerCase() || said.has(project)) return;
    said.add(project);
    log.notice(
      `${project}: its documents name ${source} as their source, which belongs to ${named}, and a copy keeps that; if you own both, GitHub links the package to that repository when its first version arrives`,
    );
  };
}
