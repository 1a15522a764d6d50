import { fallbackOf, usualFallback } from '../../../src/run/serving/fallback.js';
import { refuseExtras, usualIndexes } from '../../../src/run/serving/other-indexes.js';
import { parsePipConfig } from '../../../src/run/serving/pip-config.js';
import { type PipFile, pipPaths } from '../../../src/run/serving/pip-files.js';

const file = (path: string, text: string): PipFile => ({ path, config: parsePipConfig(text) });
const FILES = [
  file('/etc/pip.conf', '[global]\nindex-url = https://all.example/simple\n'),
  file('/home/me/.config/pip/pip.conf', '[global]\nindex-url = https://mine.example/simple\n'),
];
const spelled = (name: string) => `option --${name}`;

describe('the index that other names are left to', () => {
  it.each([
    ['PIP_INDEX_URL', { PIP_INDEX_URL: 'https://a.example/simple' }, FILES, 'https://a.example/simple/'],
    ['the last file', {}, FILES, 'https://mine.example/simple/'],
    ['UV_DEFAULT_INDEX', { UV_DEFAULT_INDEX: 'corp=https://b.example/simple/' }, [], 'https://b.example/simple/'],
    ['UV_INDEX_URL', { UV_INDEX_URL: 'https://c.example' }, [], 'https://c.example/'],
    [
      'both, if they agree',
      { PIP_INDEX_URL: 'https://a.example/s', UV_INDEX_URL: 'https://a.example/s/' },
      [],
      'https://a.example/s/',
    ],
  ])('is that of %s', async (_, env, files, expected) => {
    expect((await usualFallback(env, files)).href).toBe(expected);
  });

  it('is not guessed where pip and uv have different ones', async () => {
    const env = { PIP_INDEX_URL: 'https://a.example/', UV_DEFAULT_INDEX: 'https://b.example/' };
    await expect(usualFallback(env, [])).rejects.toThrow(
      'PIP_INDEX_URL says https://a.example/, UV_DEFAULT_INDEX says https://b.example/',
    );
  });

  it.each([
    ['nonsense', /"nonsense" is no URL/],
    ['ftp://a.example/', /its scheme is ftp:/],
    ['https://me:secret@a.example/', /a user or a password/],
  ])('cannot be %s', (url, message) => {
    expect(() => fallbackOf({ where: 'PIP_INDEX_URL', url })).toThrow(message);
  });

  it('says which line of .netrc takes the place of a password, and not the password', () => {
    const refused = (() => {
      try {
        return fallbackOf({ where: 'PIP_INDEX_URL', url: 'https://me:secret@a.example/' });
      } catch (error) {
        return error as Error & { readonly hint?: string };
      }
    })();
    expect(refused).toMatchObject({ hint: expect.stringContaining('machine a.example login USER password PASSWORD') });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it('names where each comes from', () => {
    expect(usualIndexes({ UV_INDEX_URL: 'https://b.example/' }, FILES)).toEqual([
      { where: 'index-url in /home/me/.config/pip/pip.conf', url: 'https://mine.example/simple' },
      { where: 'UV_INDEX_URL', url: 'https://b.example/' },
    ]);
  });
});

describe('what would bring other indexes in', () => {
  it.each(['PIP_FIND_LINKS', 'PIP_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS'])(
    'is refused by name: %s',
    (name) => {
      expect(() => refuseExtras({ [name]: 'https://x.example/' }, [], spelled)).toThrow(`the variable ${name}`);
      expect(() => refuseExtras({ [name]: '  ' }, [], spelled)).not.toThrow();
    },
  );

  it('is refused in a configuration file, where it is a folder of files', () => {
    const links = file('/etc/pip.conf', '[global]\nfind-links = /opt/wheels\n');
    expect(() => refuseExtras({}, [links], spelled)).toThrow('find-links in /etc/pip.conf');
    expect(() => refuseExtras({}, FILES, spelled)).not.toThrow();
  });
});

describe('the files that pip reads', () => {
  const places = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') => ({
    env,
    home: '/home/me',
    platform,
  });

  it('are those of the system, the user, the environment and the variable, in this order', () => {
    expect(pipPaths(places({ VIRTUAL_ENV: '/venv', PIP_CONFIG_FILE: '/own.conf' }))).toEqual([
      '/etc/xdg/pip/pip.conf',
      '/etc/pip.conf',
      '/home/me/.pip/pip.conf',
      '/home/me/.config/pip/pip.conf',
      '/venv/pip.conf',
      '/own.conf',
    ]);
    expect(pipPaths(places({ XDG_CONFIG_HOME: '/config', XDG_CONFIG_DIRS: '/a:/b' }))).toEqual([
      '/a/pip/pip.conf',
      '/b/pip/pip.conf',
      '/etc/pip.conf',
      '/home/me/.pip/pip.conf',
      '/config/pip/pip.conf',
    ]);
  });

  it('are none where pip is told to read none', () => {
    expect(pipPaths(places({ PIP_CONFIG_FILE: '/dev/null' }))).toEqual([]);
  });

  it('are others on a Mac', () => {
    expect(pipPaths(places({}, 'darwin'))).toEqual([
      '/Library/Application Support/pip/pip.conf',
      '/home/me/.pip/pip.conf',
      '/home/me/Library/Application Support/pip/pip.conf',
      '/home/me/.config/pip/pip.conf',
    ]);
  });
});
