/** One package index from written inputs to a listening server: settings, fallback, an open store, the server. */
import { randomBytes } from 'node:crypto';
import { UsageError, UserError } from '../../core/errors.js';
import { type GitHubJob, githubJob } from '../../github/job.js';
import { PATIENCE, type Patience } from '../../oci/registry/transport/retry.js';
import type { Browsing, Store } from '../../oci/store.js';
import type { OnEvent, ServeReport } from '../../serve/event.js';
import {
  type IndexServer,
  type IndexServerOptions,
  PortTakenError,
  startIndexServer,
} from '../../serve/index-server.js';
import type { TakeUpload } from '../../serve/uploads/upload-answers.js';
import { OwnedNames } from '../../simple/owned-names.js';
import { homeFolder } from '../machine/home-folder.js';
import { type OpenStore, openStore, type StorePlace } from '../open-store.js';
import type { ServeInputs } from '../settings/inputs.js';
import { maskLogin } from '../settings/login.js';
import type { Place } from '../settings/place.js';
import type { World } from '../world.js';
import { INDEX_USER } from './client-environment.js';
import { usualFallback } from './fallback.js';
import { refuseExtras } from './other-indexes.js';
import { readPipFiles } from './pip-files.js';
import { readServeSettings, type ServeSettings } from './serve-settings.js';

/** An index that listens. */
export interface Serving {
  /** Without credentials: `http://127.0.0.1:8417/ghcr.io/octo-org/simple/`. */
  readonly url: string;
  /** The same with user and password, if there is one. */
  readonly indexUrl: string;
  /** For project files that name this index beside their usual one; without credentials. */
  readonly ownedUrl: string;
  readonly port: number;
  readonly password: string | undefined;
  /** Names of owned packages that are written out. */
  readonly listed: readonly string[];
  /** Where other names go; `undefined` if nowhere. */
  readonly fallback: URL | undefined;
  /** Where files are uploaded to, without credentials; `undefined` if that is not switched on. */
  readonly uploadUrl: string | undefined;
  readonly report: () => ServeReport;
  /**
   * Waits for requests under way, at most so many milliseconds, and until what was uploaded has held still.
   * @returns why it cannot be told that everything uploaded is still listed; none if all is well
   */
  close(drain: number): Promise<readonly UserError[]>;
}

/** What takes uploads in. An index that is read only knows nothing of publishing. */
export interface Uploads {
  readonly take: TakeUpload;
  /**
   * Waits until every version that was written has held still.
   * @returns why it cannot be told that everything uploaded is still listed; none if all is well
   */
  close(): Promise<readonly UserError[]>;
}

export type OpenUploads = (
  settings: Pick<ServeSettings, 'place' | 'login'>,
  owned: OwnedNames,
  job: GitHubJob | undefined,
  world: World,
) => Promise<Uploads>;

export interface ServeFace extends World {
  readonly spelled: (name: string) => string;
  readonly onEvent: OnEvent;
  /** Whether everybody on this machine may ask. */
  readonly open: boolean;
  /** What takes uploads in; the index is read only without. */
  readonly openUploads?: OpenUploads | undefined;
  readonly nonce?: string | undefined;
}

/** Not one that others use by habit; the same each time, since lock files and caches hold it. */
export const USUAL_PORT = 8417;

/**
 * Clients wait for 15 s at most, and ask again themselves: a registry that is down must be told before that. A server has
 * no end at which all waiting could be added up.
 */
const QUICK: Patience = {
  ...PATIENCE,
  attempts: 4,
  firstDelay: 250,
  longestDelay: 1_500,
  longestRetryAfter: 5_000,
  stepBudget: 5_000,
  totalBudget: Number.POSITIVE_INFINITY,
  silence: 30_000,
};

/**
 * @throws UsageError for wrong inputs, or an environment that would bring other indexes in
 * @throws UserError if the registry's address, the fallback or a port cannot be had
 */
export async function serveRun(raw: ServeInputs, face: ServeFace): Promise<Serving> {
  maskLogin(raw, face.masker);
  const { env, log, clock, signal, onEvent, open: withoutPassword } = face;
  if (face.openUploads && withoutPassword) {
    throw new UsageError('Cannot take uploads without a password: everybody on this machine could publish as you', {
      hint: `leave out ${face.spelled('no-password')}, or ${face.spelled('publish')}`,
    });
  }
  const job = githubJob(env);
  const settings = readServeSettings(raw, job, face.spelled);
  const files = await readPipFiles({ env, home: homeFolder(), platform: process.platform });
  if (settings.extraIndexes === 'refuse') refuseExtras(env, files, face.spelled);
  const fallback =
    settings.fallback === 'none'
      ? undefined
      : settings.fallback === 'auto'
        ? await usualFallback(env, files)
        : settings.fallback;
  const access = { login: settings.login, readOnly: true, lasting: true };
  const opened = await openStore(storePlaceOf(settings.place), access, job, { patience: QUICK, ...face });
  let uploads: Uploads | undefined;
  try {
    const { namespace } = settings.place;
    const host = opened.origin?.host ?? '';
    const packages = settings.packages.length ? settings.packages : await namesIn(opened.store, namespace);
    const owned = new OwnedNames(packages, namespace || undefined, host);
    const password = withoutPassword ? undefined : env.PYOCI_INDEX_PASSWORD || randomBytes(16).toString('hex');
    if (password !== undefined) face.masker.mask(password);
    if (withoutPassword) log.notice('Every user of this machine can read these packages: there is no password');
    uploads = await face.openUploads?.(settings, owned, job, face);
    const path = [host || 'layout', namespace].filter((part) => part !== '').join('/');
    const options = {
      store: opened.store,
      owned,
      path,
      fallback,
      password,
      nonce: face.nonce ?? randomBytes(16).toString('hex'),
      clock,
      signal,
      onEvent,
      takeUpload: uploads?.take,
    };
    const server = await listening(options, settings.port, face);
    try {
      refuseItself(fallback, server);
    } catch (error) {
      await server.close(0);
      throw error;
    }
    return servingOf(server, options, opened, uploads);
  } catch (error) {
    await uploads?.close();
    opened.close();
    throw error;
  }
}

/** On the port that is asked for; else on the usual one, or another if that is taken. */
async function listening(
  options: Omit<IndexServerOptions, 'port'>,
  port: number | undefined,
  { log, spelled }: ServeFace,
): Promise<IndexServer> {
  try {
    return await startIndexServer({ ...options, port: port ?? USUAL_PORT });
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    if (port !== undefined) {
      throw new UserError(error.message, {
        cause: error,
        hint: `give another one by ${spelled('port')}, or leave it out`,
      });
    }
  }
  const server = await startIndexServer({ ...options, port: 0 });
  log.notice(
    `Port ${USUAL_PORT} is taken: using ${server.port}. Lock files and caches that name the usual one do not fit`,
  );
  return server;
}

/** A name that we hand on would come back to us for ever. */
function refuseItself(fallback: URL | undefined, { port }: IndexServer): void {
  if (fallback === undefined || Number(fallback.port) !== port) return;
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(fallback.hostname)) return;
  throw new UserError(`Cannot leave other names to ${fallback.href}: that is this index itself`, {
    hint: 'unset PIP_INDEX_URL, or give the index to use by --fallback URL',
  });
}

function servingOf(
  server: IndexServer,
  { path, password, owned, fallback }: Omit<IndexServerOptions, 'port'>,
  opened: OpenStore,
  uploads: Uploads | undefined,
): Serving {
  const at = (root: string, user = ''): string => `http://${user}127.0.0.1:${server.port}/${path}/${root}/`;
  return {
    url: at('simple'),
    indexUrl: at('simple', password === undefined ? '' : `${INDEX_USER}:${password}@`),
    ownedUrl: at('owned'),
    port: server.port,
    password,
    listed: owned.listed,
    fallback,
    uploadUrl: uploads && at('legacy'),
    report: () => server.report,
    close: async (drain) => {
      await server.close(drain);
      const losses = (await uploads?.close()) ?? [];
      opened.close();
      return losses;
    },
  };
}

/** A folder says itself what it holds. @throws UserError if that is nothing */
async function namesIn(store: Store & Partial<Browsing>, namespace: string): Promise<readonly string[]> {
  const names = (await store.repositories?.()) ?? [];
  const within = names.filter((name) => namespace === '' || name.startsWith(`${namespace}/`));
  if (within.length) return within;
  throw new UserError(
    `Cannot serve ${store.label}: it holds no packages${namespace === '' ? '' : ` of ${namespace}`}`,
    {
      hint: 'publish into it first, or name the packages that will be there',
    },
  );
}

function storePlaceOf(place: Place): StorePlace {
  if (place.kind === 'layout') return { kind: 'layout', folder: place.folder };
  return { kind: 'registry', origin: place.origin, within: place.namespace };
}
