import { explain, PublishError } from '../core/errors.js';
import type { Repository } from '../oci/store.js';
import type { Ports } from './job.js';
import { studyTags } from './tag-findings.js';
import type { VersionTarget } from './target.js';
import type { Warnings } from './warnings.js';

/** The tags of each repository, asked for once however many versions of a project are published. */
export class TagLists {
  readonly #ports: Pick<Ports, 'log' | 'signal'>;
  readonly #lists = new Map<Repository, Promise<readonly string[] | undefined>>();

  constructor(ports: Pick<Ports, 'log' | 'signal'>) {
    this.#ports = ports;
  }

  /**
   * Warns of tags that keep PyOCI from listing the package, and of a version that falls out of its list.
   * @throws PublishError if an equal version stands there under another spelling
   */
  async study(target: VersionTarget, warnings: Warnings): Promise<void> {
    const tags = await this.#tagsOf(target.repository);
    if (!tags) return;
    const { foreign, twin, beyond } = studyTags(tags, target.tag, target.version);
    if (twin !== undefined) {
      throw new PublishError(`Cannot publish to ${target.image}: the same version is published as "${twin}" already`, {
        hint: `"${target.tag}" and "${twin}" are one version to pip, which would see only one of the two; build with the spelling ${twin}, or delete that tag first`,
      });
    }
    const { name } = target.repository;
    if (foreign.length) {
      const shown = foreign.slice(0, 5).join(', ') + (foreign.length > 5 ? ` and ${foreign.length - 5} more` : '');
      warnings.say(
        `${name} holds tags that are no versions (${shown}): PyOCI cannot list this package at all while they are there; delete them (attestations and signatures pushed to this repository leave such tags)`,
      );
    }
    if (beyond) {
      warnings.say(
        `${target.image} falls out of PyOCI's list: by default it shows 100 versions, in reverse alphabetical order of the tags; ask its operator to raise the limit, or delete old versions`,
      );
    }
  }

  #tagsOf(repository: Repository): Promise<readonly string[] | undefined> {
    const known = this.#lists.get(repository);
    if (known) return known;
    const { log, signal } = this.#ports;
    const asked = repository.tags({ signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      log.notice(
        `${repository.name}: the tags could not be listed, so foreign tags and equal versions go unnoticed: ${explain(error)}`,
      );
      return undefined;
    });
    this.#lists.set(repository, asked);
    return asked;
  }
}
