import { join } from 'node:path';
import type { Env } from '../../../core/ports.js';

/** A file in which a login command keeps credentials. All have the form of Docker's. */
export interface AuthFile {
  readonly path: string;
  readonly tool: 'docker' | 'podman';
  /** The variable that names this very file. */
  readonly variable?: string;
}

/** Where this machine keeps such files. */
export interface AuthFolders {
  /** `DOCKER_CONFIG`, `REGISTRY_AUTH_FILE`, `XDG_RUNTIME_DIR` and `XDG_CONFIG_HOME` are read from it. */
  readonly env: Env;
  /** The user's home folder, if there is one. */
  readonly home: string | undefined;
  /** What stands in for `XDG_RUNTIME_DIR` where that is not set: `/run/containers/UID` on Linux, for `auth.json` in it. */
  readonly podmanFolder?: string | undefined;
}

/**
 * The files to look into, in this order: those that a variable names, then the usual ones of a tool whose variable is not
 * set; Docker's before podman's.
 * @see https://docs.docker.com/reference/cli/docker/#change-the-docker-directory
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function authFiles({ env, home, podmanFolder }: AuthFolders): readonly AuthFile[] {
  const docker = (folder: string): AuthFile => ({ path: join(folder, 'config.json'), tool: 'docker' });
  const podman = (folder: string): AuthFile => ({ path: join(folder, 'auth.json'), tool: 'podman' });
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = env;
  const settings = XDG_CONFIG_HOME || (home === undefined ? undefined : join(home, '.config'));
  const runtime = XDG_RUNTIME_DIR ? join(XDG_RUNTIME_DIR, 'containers') : podmanFolder;
  return [
    ...(DOCKER_CONFIG ? [docker(DOCKER_CONFIG)] : []),
    ...(REGISTRY_AUTH_FILE
      ? [{ path: REGISTRY_AUTH_FILE, tool: 'podman' as const, variable: 'REGISTRY_AUTH_FILE' }]
      : []),
    ...(DOCKER_CONFIG || home === undefined ? [] : [docker(join(home, '.docker'))]),
    ...(REGISTRY_AUTH_FILE || runtime === undefined ? [] : [podman(runtime)]),
    ...(REGISTRY_AUTH_FILE || settings === undefined ? [] : [podman(join(settings, 'containers'))]),
  ];
}

/** How a file is called when talking to the user. */
export function nameOf({ tool, path }: AuthFile): string {
  return tool === 'docker' ? `the Docker config file ${path}` : `podman's auth file ${path}`;
}
