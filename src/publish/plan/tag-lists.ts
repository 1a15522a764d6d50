import { explain, UserError } from '../../core/errors.js';
import type { Lane } from '../../core/lane.js';
import type { Repository } from '../../oci/store.js';
import type { Ports } from '../job.js';
import type { Publication } from '../publication.js';
import type { Warnings } from '../warnings.js';
import { type OddTags, readOddTags } from './odd-tags.js';
import { studyTags } from './tag-findings.js';

/** Names told of one kind. */
const MOST_NAMES = 5;

/** The tags of each repository, asked for once however many versions of a project are published. */
export class TagLists {
  readonly #ports: Pick<Ports, 'log' | 'signal'>;
  readonly #asking: Lane;
  readonly #commandPrefix: string;
  readonly #lists = new Map<Repository, Promise<readonly string[] | undefined>>();
  readonly #odd = new Map<Repository, Promise<OddTags>>();

  /**
   * @param asking small requests in flight
   * @param commandPrefix what stands before a repository's name where the command is to read it from
   */
  constructor(ports: Pick<Ports, 'log' | 'signal'>, asking: Lane, commandPrefix: string) {
    this.#ports = ports;
    this.#asking = asking;
    this.#commandPrefix = commandPrefix;
  }

  /**
   * Warns of tags that keep PyOCI from listing the package, of files that installers pass over, and of a version that
   * falls out of PyOCI's list.
   * @throws UserError if an equal version stands there under another spelling
   */
  async study(publication: Publication, warnings: Warnings): Promise<void> {
    const tags = await this.#tagsOf(publication.repository);
    if (!tags) return;
    const { foreign, twin, beyond } = studyTags(tags, publication.tag, publication.version);
    if (twin !== undefined) {
      throw new UserError(
        `Cannot publish to ${publication.image}: the same version is published as "${twin}" already`,
        {
          hint: `"${publication.tag}" and "${twin}" are one version to pip, which would see only one of the two; build with the spelling ${twin}, or delete that tag first`,
        },
      );
    }
    if (foreign.length) await this.#warnOf(publication.repository, foreign, warnings);
    if (beyond) {
      warnings.say(
        `${publication.image} falls out of PyOCI's list: by default it shows 100 versions, in reverse alphabetical order of the tags; ask its operator to raise the limit, or delete old versions`,
      );
    }
  }

  async #warnOf(repository: Repository, tags: readonly string[], warnings: Warnings): Promise<void> {
    const { name } = repository;
    const first = !this.#odd.has(repository);
    const looking = this.#odd.get(repository) ?? readOddTags(repository, tags, this.#asking, this.#ports);
    this.#odd.set(repository, looking);
    const { foreign, misfiled, passedOver, unread } = await looking;
    if (!first) return;
    const { log } = this.#ports;
    if (foreign.length) {
      warnings.say(
        `${name} holds tags that are no versions (${named(foreign)}): PyOCI cannot list this package at all while they are there; delete them (attestations and signatures pushed to this repository leave such tags)`,
      );
    }
    const [example] = misfiled;
    if (example) {
      const places = misfiled.map(({ tag, filenames }) => `${named(filenames)} under ${tag}`);
      warnings.say(
        `${name} holds files that pip and uv pass over, since PyOCI cut their names at the first dash, which left tags that are no versions (${named(places)}): run \`pyoci-publish pull -d old ${this.#commandPrefix}${name}:${example.tag}\`, publish what is in old, then delete the tag${misfiled.length > 1 ? '; the same for the others' : ''}`,
      );
    }
    if (passedOver.length) {
      log.notice(`${name}: pip and uv pass over what is under ${named(passedOver)}, since a tag should be a version`);
    }
    if (unread.length) log.notice(`${name}: tags that are no versions and were not looked into: ${named(unread)}`);
  }

  #tagsOf(repository: Repository): Promise<readonly string[] | undefined> {
    const known = this.#lists.get(repository);
    if (known) return known;
    const { log, signal } = this.#ports;
    const asked = this.#asking
      .run(() => repository.tags({ signal }))
      .catch((error: unknown) => {
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

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
