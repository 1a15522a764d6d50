import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A checkout as a job has it after a build: a folder whose `dist` holds the distributions. */
export class Workspace {
  readonly path = mkdtempSync(join(tmpdir(), 'pyoci-publish-workspace-'));

  /** Puts exactly these files into `dist`. */
  hold(files: readonly { readonly path: string; readonly file: string }[]): this {
    const dist = join(this.path, 'dist');
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist);
    for (const { path, file } of files) linkOrCopy(path, join(dist, file));
    return this;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A link saves half a gigabyte, where cache and temporary folder share a disk. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
