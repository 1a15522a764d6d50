import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the jobs of a run upload for each other, under the rules of the artifact service. */
export class Artifacts {
  readonly #held = new Map<string, ReadonlyMap<string, Buffer>>();

  /** @throws Error where no file matches, and for a name that is taken: artifacts never change */
  upload(workspace: string, { name, path }: { readonly name: string; readonly path: string }): void {
    if (this.#held.has(name)) throw new Error(`Cannot upload ${name}: an artifact of this name is there`);
    const folder = join(workspace, dirname(path));
    const matches = matcher(path.slice(dirname(path).length + 1));
    const files = readdirSync(folder).filter(matches);
    if (!files.length) throw new Error(`Cannot upload ${name}: nothing matches ${path}`);
    this.#held.set(name, new Map(files.map((file) => [file, readFileSync(join(folder, file))])));
  }

  /** Each artifact goes into a folder of its own unless they are merged. A pattern that matches none gives nothing. */
  download(
    workspace: string,
    wanted: { readonly pattern: string; readonly path: string; readonly merge: boolean },
  ): void {
    const matches = matcher(wanted.pattern);
    for (const [name, files] of this.#held) {
      if (!matches(name)) continue;
      const folder = join(workspace, wanted.path, wanted.merge ? '' : name);
      mkdirSync(folder, { recursive: true });
      for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
    }
  }
}

/** For patterns of one path segment, `*` being the only thing special. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (name) => whole.test(name);
}
