import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { anSdist, aWheel, sdistName, wheelName } from '../support/builders.js';
import { runCommand, runProgram } from './support/command.js';

interface Python {
  readonly program: string;
  /** `cp311`, and the platform that it builds for. */
  readonly tag: string;
  readonly platform: string;
}

const ASK =
  "import sys, sysconfig, pip; print('cp%d%d' % sys.version_info[:2], sysconfig.get_platform().replace('-', '_').replace('.', '_'))";

/** The Python of this machine, and one of another version where pyenv or the system has it. */
function pythons(): readonly Python[] {
  const root = process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');
  const kept = (() => {
    try {
      return readdirSync(join(root, 'versions')).map((name) => join(root, 'versions', name, 'bin/python3'));
    } catch {
      return [];
    }
  })();
  const found = new Map<string, Python>();
  for (const program of ['python3', ...[13, 12, 11, 10, 9].map((minor) => `python3.${minor}`), ...kept.reverse()]) {
    try {
      const text = execFileSync(program, ['-I', '-c', ASK], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const [tag = '', platform = ''] = text.trim().split(' ');
      const own = execFileSync(program, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
      if (!found.has(tag)) found.set(tag, { program: own, tag, platform });
    } catch {
      // It is not here, or has no pip.
    }
    if (found.size === 2) break;
  }
  return [...found.values()];
}

describe('pull --for-this-python', () => {
  it('pulls what each Python installs, and the folder installs without a network', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-for-python-'));
    try {
      const all = pythons();
      const [first, second] = all as [Python, Python | undefined];
      const dist = join(home, 'dist');
      mkdirSync(dist);
      const add = (name: string, bytes: Buffer): void => writeFileSync(join(dist, name), bytes);
      const wheel = (version: string, tag: string): void => {
        const options = { name: 'acme', version, tag };
        add(wheelName(options), aWheel(options));
      };
      wheel('1.0', 'py3-none-any');
      wheel('1.0', 'py2-none-any');
      add(sdistName({ name: 'acme', version: '1.0' }), anSdist({ name: 'acme', version: '1.0' }));
      // Of 2.0 there are only wheels for the second Python, and for one that nobody has.
      const last = second ?? first;
      wheel('2.0', `${last.tag}-${last.tag}-${last.platform}`);
      wheel('2.0', 'cp39-cp39-win_arm64');
      const files = readdirSync(dist).map((name) => join(dist, name));
      const oci = ['--oci-layout', join(home, 'oci')];
      expect(await runCommand([...oci, '--namespace', 'me', ...files])).toMatchObject({ code: 0 });

      for (const [at, { program, tag }] of all.entries()) {
        const bin = join(home, `bin-${tag}`);
        mkdirSync(bin);
        symlinkSync(program, join(bin, 'python3'));
        const env = { PATH: `${bin}:${process.env.PATH}` };
        const folder = join(home, `wheels-${tag}`);
        const pulled = await runCommand(
          ['pull', ...oci, '-d', folder, '--for-this-python', 'me/acme', '>=1,<3'],
          '',
          env,
        );
        expect({ code: pulled.code, stderr: pulled.code === 0 ? '' : pulled.stderr }).toEqual({ code: 0, stderr: '' });
        const expected =
          at === all.length - 1 ? `acme-2.0-${last.tag}-${last.tag}-${last.platform}.whl` : 'acme-1.0-py3-none-any.whl';
        expect(readdirSync(folder)).toEqual([expected]);
        const site = join(home, `site-${tag}`);
        const install = ['-m', 'pip', 'install', '--no-index', '--find-links', folder, '--target', site, 'acme'];
        expect(await runProgram('python3', install, env)).toMatchObject({ code: 0 });
      }
      process.stdout.write(`pull --for-this-python on ${all.map(({ tag }) => tag).join(' and ')}\n`);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('says what to do where there is no Python', async () => {
    const { code, stderr } = await runCommand(['pull', '--oci-layout', 'oci', '--for-this-python', 'me/acme:1.0'], '', {
      PATH: '/nonexistent',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Cannot ask python3 what it installs: it cannot be started[\s\S]*leave out --for-this-python/,
    );
  });
});
