import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const REUSABLE = '.github/workflows/publish.yml';
const FETCHING = /\n {6}- name: Stop where[\s\S]*?(?=\n {6}- name: Get the distributions)/;
const FETCHED = 'uses: ./.pyoci-publish\n';

/**
 * This repository as `OWNER/pyoci-publish@v1`, with the reusable workflow as docs/reusable-workflow.md tells servers to
 * copy it that do not say which revision is called. act is one of them.
 */
export class OurRepository {
  readonly path = mkdtempSync(join(tmpdir(), 'pyoci-publish-ours-'));

  constructor() {
    for (const part of ['action.yml', 'index', 'dist'])
      cpSync(join(ROOT, part), join(this.path, part), { recursive: true });
    const text = readFileSync(join(ROOT, REUSABLE), 'utf8');
    const copy = text.replace(FETCHING, '').replaceAll(FETCHED, 'uses: OWNER/pyoci-publish@v1\n');
    if (copy.includes('workflow_sha') || copy.includes('./.pyoci-publish')) {
      throw new Error(`Cannot copy ${REUSABLE}: it is not as docs/reusable-workflow.md describes it`);
    }
    mkdirSync(dirname(join(this.path, REUSABLE)), { recursive: true });
    writeFileSync(join(this.path, REUSABLE), copy);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
