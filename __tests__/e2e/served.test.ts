import { createHash } from 'node:crypto';
import { type Served, startServe } from './support/clients/served.js';
import { distributions, type Facts } from './support/distributions.js';
import { placeOf } from './support/expectation.js';
import { ledger } from './support/ledger.js';
import { Stage } from './support/stage.js';

const { published } = distributions();
const PROJECTS = [...new Set(published.map(({ name }) => name))].sort();
/** Larger ones are looked at, and not read through once more. */
const READ_WHOLE = 4 * 1024 * 1024;
const JSON_V1 = 'application/vnd.pypi.simple.v1+json';

interface PageFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes: { readonly sha256: string };
  readonly size?: number;
  readonly 'requires-python'?: string;
  readonly 'core-metadata'?: { readonly sha256: string } | true;
}

/** The name that PyOCI makes of project, tag and architecture, so that hashes and lock files agree. */
function servedName(file: Facts): string {
  const { repository, tag } = placeOf('owner', file);
  const project = repository.replace('owner/', '');
  const version = tag.replaceAll('-', '+');
  return `${project}-${version}${file.architecture.endsWith('.whl') ? '-' : ''}${file.architecture}`;
}

describe('real packages, through the index', () => {
  let stage: Stage;
  let served: Served;
  let headers: Record<string, string>;
  const page = async (name: string): Promise<{ readonly text: string; readonly files: readonly PageFile[] }> => {
    const text = await (await fetch(`${served.url}${name}/`, { headers: { ...headers, accept: JSON_V1 } })).text();
    return { text, files: (JSON.parse(text) as { readonly files: readonly PageFile[] }).files };
  };
  const bytesOf = async (name: string, url: string): Promise<Buffer> => {
    const answer = await fetch(new URL(url, `${served.url}${name}/`), { headers });
    if (!answer.ok) throw new Error(`${url} was answered ${answer.status}: ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  };

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(published);
    const result = await stage.publish();
    if (result.code !== 0) throw new Error(result.raw);
    const { credentials } = stage.registry;
    ledger.knows(credentials.password);
    const place = ['--registry', `http://${stage.recorder.host}`, '--namespace', 'owner'];
    const login = ['--username', credentials.username];
    served = await startServe([...place, ...login, '--packages', '*', '--fallback', 'none'], credentials.password);
    headers = { authorization: `Basic ${Buffer.from(`x:${new URL(served.indexUrl).password}`).toString('base64')}` };
  });
  afterAll(async () => {
    await served.stop();
    await stage.close();
  });

  it.each(PROJECTS)('%s: every file under its name, with hash, size and metadata; every byte', async (name) => {
    const ours = published.filter((file) => file.name === name);
    const { files, text } = await page(name);
    expect(new Map(files.map((file) => [file.filename, file.hashes.sha256]))).toEqual(
      new Map(ours.map((file) => [servedName(file), file.sha256])),
    );
    expect((await page(name)).text).toBe(text);
    for (const file of files) {
      const facts = ours.find(({ sha256 }) => sha256 === file.hashes.sha256);
      expect({ size: file.size, requires: file['requires-python'] ?? null }).toEqual({
        size: facts?.size,
        requires: facts?.requiresPython,
      });
      if (facts?.coreMetadata != null) {
        expect((await bytesOf(name, `${file.url}.metadata`)).toString()).toBe(facts.coreMetadata);
        expect(file['core-metadata']).toEqual({
          sha256: createHash('sha256').update(facts.coreMetadata).digest('hex'),
        });
      }
      if (facts && facts.size <= READ_WHOLE) {
        expect(
          createHash('sha256')
            .update(await bytesOf(name, file.url))
            .digest('hex'),
        ).toBe(facts.sha256);
      }
    }
  });
});
