import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A virtual environment of the Python in PATH, with the pip that comes with it. */
export class PythonEnvironment {
  readonly #path = mkdtempSync(join(tmpdir(), 'pyoci-publish-venv-'));

  constructor() {
    execFileSync('python3', ['-m', 'venv', this.#path], { stdio: 'pipe' });
  }

  /** Installs by pip from a folder and from nowhere else. @throws Error with what pip said */
  installFrom(folder: string, requirement: string): void {
    const options = ['--no-index', '--no-deps', '--no-cache-dir', '--disable-pip-version-check'];
    this.#run(['-m', 'pip', 'install', ...options, '--find-links', folder, requirement]);
  }

  /** The version that is installed, as Python finds it. */
  versionOf(project: string): string {
    return this.#run([
      '-c',
      `from importlib.metadata import version; print(version(${JSON.stringify(project)}))`,
    ]).trim();
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  #run(args: readonly string[]): string {
    return execFileSync(join(this.#path, 'bin/python'), ['-I', ...args], { encoding: 'utf8', stdio: 'pipe' });
  }
}
