/** Whether manifests of wheels get a config of their own, which some registries do not take. */

import { UserError } from '../core/errors.js';
import type { Log } from '../core/ports.js';
import { EMPTY_CONFIG } from '../pyoci/file-manifest.js';
import type { Content } from '../release/push/push.js';

/** What registries answer to a manifest that they do not want: of a kind, or with a media type, that they do not know. */
const REFUSALS = [400, 405, 406, 415, 422];

/** One for a run: a registry that refuses one such manifest refuses all of them. */
export class WheelConfigs {
  readonly #log: Log;
  #wanted: boolean;

  /** @param wanted not where documents are to be PyOCI's own form */
  constructor(wanted: boolean, log: Log) {
    this.#wanted = wanted;
    this.#log = log;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /**
   * Whether it may be the config for which the registry refused this content. Then all that follow get the empty one.
   * @param error what storing it failed with
   */
  mayBeRefusedBy(error: unknown, { manifest }: Content): boolean {
    const { config } = manifest.value as { readonly config?: { readonly digest?: unknown } };
    if (config?.digest === EMPTY_CONFIG.digest || !isRefusal(error)) return false;
    if (this.#wanted) {
      this.#log.notice('The registry does not take the metadata of wheels beside them: publishing without it');
    }
    this.#wanted = false;
    return true;
  }
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof UserError) || !('status' in error) || !('url' in error)) return false;
  return REFUSALS.includes(Number(error.status)) && String(error.url).includes('/manifests/');
}
