/** Opens the repository that a command names for reading, and closes it when the work is over. */
import { UserError } from '../core/errors.js';
import { githubJob } from '../github/job.js';
import type { Repository } from '../oci/store.js';
import { openStore } from './open-store.js';
import { commandPrefix, type ImageName, imageText, parseImageName } from './settings/image-name.js';
import { InputReader } from './settings/input-reader.js';
import { READING_INPUTS, type ReadingInputs } from './settings/inputs.js';
import { loginOf, maskLogin } from './settings/login.js';
import { transfersOf } from './settings/transfers.js';
import type { World } from './world.js';

/** A repository opened for reading. */
export interface Package extends Pick<ImageName, 'tag' | 'digest'> {
  readonly repository: Repository;
  /** The repository as its user knows it: `ghcr.io/owner/name`; `owner/name` in a folder. */
  readonly image: string;
  /** The same as a command names it, options included: `http://host:5000/owner/name`, `--oci-layout oci owner/name`. */
  readonly argument: string;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Ends whatever is still on its way. */
  readonly signal: AbortSignal;
}

/**
 * Opens the repository that a command names, under the same credentials as for publishing; asks for the right to pull
 * only. It is closed when `work` is over.
 * @throws UsageError for wrong inputs or a name that is none
 */
export async function withPackage<T>(
  name: string,
  raw: ReadingInputs,
  world: World,
  work: (found: Package) => Promise<T>,
): Promise<T> {
  maskLogin(raw, world.masker);
  const job = githubJob(world.env);
  const input = new InputReader(READING_INPUTS, raw, world.spelled);
  const folder = input.text('oci-layout');
  const login = loginOf(input, job, world.spelled);
  const concurrency = transfersOf(input);
  input.finish();
  const image = parseImageName(name, folder !== undefined);
  const place =
    folder === undefined
      ? { kind: 'registry' as const, origin: image.origin, within: image.repository }
      : { kind: 'layout' as const, folder };
  const over = new AbortController();
  const signal = AbortSignal.any([world.signal, over.signal]);
  const { store, origin, close } = await openStore(place, { login, readOnly: true, bareTags: true }, job, {
    ...world,
    signal,
  });
  try {
    const { tag, digest } = image;
    const repository = store.repository(image.repository);
    const argument = `${commandPrefix(origin, folder)}${image.repository}`;
    return await work({
      repository,
      image: imageText(image, origin?.host),
      argument,
      tag,
      digest,
      concurrency,
      signal,
    });
  } finally {
    over.abort(new UserError('the run is over'));
    close();
  }
}
