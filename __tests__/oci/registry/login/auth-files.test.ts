import { join } from 'node:path';
import { authFiles, nameOf } from '../../../../src/oci/registry/login/auth-files.js';

const HOME = join('/home', 'robin');
const DOCKER = join(HOME, '.docker', 'config.json');
const CONFIG = join(HOME, '.config', 'containers', 'auth.json');
const RUNTIME = join('/run/user/7', 'containers', 'auth.json');

describe('the files of login commands', () => {
  it.each<[string, Record<string, string>, string | undefined, readonly string[]]>([
    ['are the usual ones', {}, undefined, [DOCKER, CONFIG]],
    [
      "begin with Docker's, then podman's of this session",
      { XDG_RUNTIME_DIR: '/run/user/7' },
      undefined,
      [DOCKER, RUNTIME, CONFIG],
    ],
    [
      "have podman's for a user without a session",
      {},
      '/run/containers/0',
      [DOCKER, join('/run/containers/0', 'auth.json'), CONFIG],
    ],
    ['have one session, not two', { XDG_RUNTIME_DIR: '/run/user/7' }, '/run/containers/0', [DOCKER, RUNTIME, CONFIG]],
    [
      'follow XDG_CONFIG_HOME',
      { XDG_CONFIG_HOME: '/etc/robin' },
      undefined,
      [DOCKER, join('/etc/robin', 'containers', 'auth.json')],
    ],
    [
      "have DOCKER_CONFIG in place of Docker's usual one",
      { DOCKER_CONFIG: '/d' },
      undefined,
      [join('/d', 'config.json'), CONFIG],
    ],
    [
      "have REGISTRY_AUTH_FILE in place of podman's usual ones, and before Docker's",
      { REGISTRY_AUTH_FILE: '/r.json', XDG_RUNTIME_DIR: '/run/user/7' },
      '/run/containers/0',
      ['/r.json', DOCKER],
    ],
    [
      'are the named ones alone where both variables name one',
      { REGISTRY_AUTH_FILE: '/r.json', DOCKER_CONFIG: '/d', XDG_RUNTIME_DIR: '/run/user/7' },
      undefined,
      [join('/d', 'config.json'), '/r.json'],
    ],
    [
      'are the usual ones where the variables are empty',
      { REGISTRY_AUTH_FILE: '', DOCKER_CONFIG: '', XDG_RUNTIME_DIR: '', XDG_CONFIG_HOME: '' },
      undefined,
      [DOCKER, CONFIG],
    ],
  ])('%s', (_, env, podmanFolder, paths) => {
    expect(authFiles({ env, home: HOME, podmanFolder }).map(({ path }) => path)).toEqual(paths);
  });

  it('are called by the tool that writes them', () => {
    const files = authFiles({ env: { DOCKER_CONFIG: '/d', REGISTRY_AUTH_FILE: '/r.json' }, home: HOME });
    expect(files.map(nameOf)).toEqual([
      `the Docker config file ${join('/d', 'config.json')}`,
      "podman's auth file /r.json",
    ]);
  });
});
