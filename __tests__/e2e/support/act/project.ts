import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../../examples/source', import.meta.url));

/** A git repository of somebody who publishes: what a workflow checks out and builds. */
export class Project {
  readonly path = mkdtempSync(join(tmpdir(), 'pyoci-publish-project-'));
  readonly version: string;

  /** @param files by path */
  private constructor(version: string, files: Readonly<Record<string, string>>) {
    this.version = version;
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), text);
    }
  }

  /** `examples/source`, which flit builds, in a version of its own. */
  static pure(version: string): Project {
    const project = new Project(version, {});
    cpSync(SOURCE, project.path, { recursive: true });
    const settings = join(project.path, 'pyproject.toml');
    const text = readFileSync(settings, 'utf8').replace('version = "0.1.0"', `version = "${version}"`);
    writeFileSync(settings, text);
    return project.#committed();
  }

  /** Two packages in one uv workspace, built by uv's own backend. */
  static workspace(version: string): Project {
    const backend = '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n';
    const member = (name: string) => ({
      [`packages/${name}/pyproject.toml`]: `[project]\nname = "${name}"\nversion = "${version}"\n\n${backend}`,
      [`packages/${name}/src/${name}/__init__.py`]: `NAME = "${name}"\n`,
    });
    const root = '[project]\nname = "workspace"\nversion = "0"\n\n[tool.uv]\npackage = false\n\n';
    const files = {
      'pyproject.toml': `${root}[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
      ...member('one'),
      ...member('other'),
    };
    return new Project(version, files).#committed();
  }

  /** A program in Rust, without dependencies, that maturin puts into a wheel. */
  static rust(version: string): Project {
    const backend = '[build-system]\nrequires = ["maturin>=1,<2"]\nbuild-backend = "maturin"\n';
    const files = {
      'pyproject.toml': `${backend}\n[project]\nname = "hello-rust"\nversion = "${version}"\n\n[tool.maturin]\nbindings = "bin"\n`,
      'Cargo.toml': `[package]\nname = "hello-rust"\nversion = "${version}.0"\nedition = "2021"\n`,
      'src/main.rs': 'fn main() {\n    println!("hello");\n}\n',
    };
    return new Project(version, files).#committed();
  }

  /** Somebody's own action, which is nothing but its `action.yml`. */
  static action(text: string): Project {
    return new Project('', { 'action.yml': text }).#committed();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #committed(): this {
    const who = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com'];
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: this.path, stdio: 'pipe' });
    git('init', '--quiet', '--initial-branch', 'main');
    git('remote', 'add', 'origin', 'https://github.com/Owner/Project');
    git('add', '--all');
    git(...who, 'commit', '--quiet', '--message', 'Begin');
    return this;
  }
}
