import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import type { GitHubStage } from '../github-stage.js';

/**
 * Downloads a version by our command, installs it by pip from that folder alone, and runs it.
 * @param image repository and tag
 * @returns what its script of the same name prints; without one, the NAME in its module
 */
export async function installed(stage: GitHubStage, image: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-installed-'));
  try {
    const { username, password } = stage.elsewhere;
    const from = `${stage.foreign.host}/${image}`;
    const files = join(home, 'files');
    const pulled = await runCommand(['pull', '-d', files, '--username', username, '--password-stdin', from], password);
    if (pulled.code !== 0) throw new Error(`Cannot pull ${image}\n${pulled.stderr}`);
    const [, project = ''] = /([^/]+):[^:]+$/.exec(image) ?? [];
    const target = join(home, 'target');
    const options = ['--no-index', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--quiet'];
    const install = ['-m', 'pip', 'install', ...options, '--find-links', files, '--target', target, project];
    execFileSync('python3', install, { stdio: 'pipe', env: { PATH: process.env.PATH } });
    const script = join(target, 'bin', project.replaceAll('_', '-'));
    const env = { PATH: process.env.PATH, PYTHONPATH: target };
    if (existsSync(script)) return execFileSync(script, { encoding: 'utf8', stdio: 'pipe', env });
    return execFileSync('python3', ['-c', `import ${project}; print(${project}.NAME)`], { encoding: 'utf8', env });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
