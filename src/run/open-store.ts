/** Opens the folder or registry that a place names, under the credentials that belong to it. */
import { hostname } from 'node:os';
import type { GitHubJob } from '../github/job.js';
import { githubRegistry, isNamedAsOwn } from '../github/registry.js';
import { LayoutStore } from '../oci/layout/layout-store.js';
import { type KeptCredentials, keptCredentials } from '../oci/registry/login/kept-credentials.js';
import type { RegistryOrigin } from '../oci/registry/login/registry-host.js';
import { RegistryStore } from '../oci/registry/registry-store.js';
import type { Store } from '../oci/store.js';
import { chooseCredentials, credentialsInstead, renewedCredentials, type SignInContext } from './credentials.js';
import { runHelper } from './machine/credential-helper.js';
import { homeFolder } from './machine/home-folder.js';
import type { Login } from './settings/login.js';
import type { World } from './world.js';

/** A store to work with, open. */
export interface OpenStore {
  readonly store: Store;
  /** Where the registry answers; `undefined` for a folder. */
  readonly origin: RegistryOrigin | undefined;
  /**
   * Whether it is the container registry of the GitHub that the job runs on. A registry that was named, and not as GitHub
   * names its own, is taken for another one, unless the server's API had to be asked before.
   */
  readonly onGitHub: () => Promise<boolean>;
  /** The password or token that signs in here, for an API of the same party; `undefined` for a folder, or without. */
  readonly secret: string | undefined;
  /** Lets go of connections. */
  close(): void;
}

/**
 * Where packages are. `origin` is `undefined` where GitHub's own registry is meant. `within`: the repository, or what all
 * repositories in question lie below.
 */
export type StorePlace =
  | { readonly kind: 'layout'; readonly folder: string }
  | { readonly kind: 'registry'; readonly origin: RegistryOrigin | undefined; readonly within: string };

/**
 * Opens the folder or registry that a place names. A registry is not asked for anything yet.
 * @param access `readOnly`: ask for the right to pull only; `deletes`: for that to delete, too; `lasting`: what login
 * commands keep is read again when it is refused, since it may have been renewed meanwhile; `bareTags`: a folder may be
 * one that names tags without a repository
 * @throws UserError if GitHub's registry cannot be found, or the credentials make no sense
 */
export async function openStore(
  place: StorePlace,
  access: {
    readonly login: Login;
    readonly readOnly: boolean;
    readonly lasting?: boolean;
    readonly deletes?: boolean;
    readonly bareTags?: boolean;
  },
  job: GitHubJob | undefined,
  world: World,
): Promise<OpenStore> {
  if (place.kind === 'layout') {
    const { clock, random } = world;
    const identity = { pid: process.pid, host: hostname() };
    const store = new LayoutStore({
      folder: place.folder,
      clock,
      random,
      identity,
      bareTags: access.bareTags ?? false,
    });
    return { store, origin: undefined, onGitHub: async () => false, secret: undefined, close: () => {} };
  }
  const caller = { token: access.login.githubToken, userAgent: world.userAgent };
  let asked: Promise<RegistryOrigin> | undefined;
  const own = (): Promise<RegistryOrigin> => {
    asked ??= githubRegistry(job, caller);
    return asked;
  };
  const origin = place.origin ?? (await own());
  const isOwn = async (): Promise<boolean> => {
    if (!job) return false;
    const github = await own();
    return github.host === origin.host && github.scheme === origin.scheme;
  };
  const onGitHub = async (): Promise<boolean> =>
    job !== undefined && (asked !== undefined || isNamedAsOwn(job, origin)) && isOwn();
  const { login, readOnly } = access;
  const kept = once(() => keptOn(origin.host, place.within, world));
  const { log, spelled } = world;
  const context: SignInContext = { login, host: origin.host, actor: job?.actor, spelled, log, kept, onGitHub: isOwn };
  const credentials = await chooseCredentials(context);
  const store = new RegistryStore({
    ...origin,
    credentials,
    narrower: login.password === undefined ? (await kept()).narrower : [],
    instead: (refused) => credentialsInstead(context, refused),
    renew: access.lasting
      ? (refused) => renewedCredentials({ ...context, kept: () => keptOn(origin.host, place.within, world) }, refused)
      : undefined,
    // A cure is not worth a question to the API.
    onGitHub: async () => job !== undefined && (asked === undefined ? isNamedAsOwn(job, origin) : isOwn()),
    readOnly,
    deletes: access.deletes,
    log,
    clock: world.clock,
    random: world.random,
    masker: world.masker,
    env: world.env,
    userAgent: world.userAgent,
    patience: world.patience,
    signal: world.signal,
  });
  const secret = credentials.kind === 'basic' ? credentials.password : undefined;
  return { store, origin, onGitHub, secret, close: () => store.close() };
}

function keptOn(host: string, within: string, { env, log, masker }: World): Promise<KeptCredentials> {
  const podmanFolder = process.platform === 'linux' ? `/run/containers/${process.getuid?.()}` : undefined;
  const folders = { env, home: homeFolder(), podmanFolder };
  return keptCredentials({ host, within }, { folders, log, masker, runHelper });
}

/** Asks at most once, and only if somebody wants to know. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
