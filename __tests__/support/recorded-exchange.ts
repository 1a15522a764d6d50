import nock from 'nock';
import { memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import type { Descriptor } from '../../src/oci/descriptor.js';
import { encode } from '../../src/oci/document.js';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag, type RepositoryName } from '../../src/oci/reference.js';
import type { Credentials } from '../../src/oci/registry/login/credentials.js';
import type { Repository } from '../../src/oci/store.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../src/pyoci/file-manifest.js';
import { ARTIFACT_TYPE } from '../../src/pyoci/layout.js';
import { type Answer, encodeBody, refusal } from './registry/exchange.js';
import { sessionOn } from './registry-session.js';

/** One request that must come next, and the answer that a registry of this kind gives. */
export interface Exchange {
  /** Method and address: `GET https://…`. Escapes may be left out, except where they belong to the registry. */
  readonly ask: string;
  /** The Authorization header; `undefined`: none may come. */
  readonly as: string | undefined;
  readonly answer: Answer;
}

export const TAG = parseTag('1.0');
export const CONFIG = EMPTY_CONFIG.digest;
/** Too large for a single POST, small enough to be mounted. */
const FILE = Buffer.alloc(100_000, 'w');
export const LAYER: Descriptor = { mediaType: ARTIFACT_TYPE, digest: digestOf(FILE), size: FILE.length };
export const MANIFEST = encode({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  artifactType: ARTIFACT_TYPE,
  config: EMPTY_CONFIG,
  layers: [LAYER],
});
export const INDEX = encode({
  schemaVersion: 2,
  mediaType: OCI_INDEX,
  artifactType: ARTIFACT_TYPE,
  manifests: [{ ...MANIFEST.descriptor, platform: { architecture: '.tar.gz', os: 'any' } }],
});

/** The requests of a publisher in their usual order: what is there, blobs, manifest, index, and a look at it. */
export async function publishTo(repository: Repository): Promise<readonly string[]> {
  if (await repository.getManifest(TAG)) throw new Error('the version was there already');
  const tags = await repository.tags();
  await repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
  await repository.putBlob(LAYER, memoryBytes(FILE));
  await repository.putManifest(MANIFEST);
  await repository.putTag(TAG, INDEX);
  const found = await repository.getManifest(TAG);
  if (!found?.bytes.equals(INDEX.bytes)) throw new Error('the index that came back is another');
  return tags;
}

/** A store on a registry whose every request must be the next of the script. */
export function replaying(origin: string, name: string, credentials: Credentials, script: readonly Exchange[]) {
  const repositoryName: RepositoryName = parseRepositoryName(name);
  const left = [...script];
  const astray: string[] = [];
  const origins = new Set(script.map(({ ask }) => new URL(ask.split(' ')[1] ?? '').origin));
  for (const each of origins) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
      nock(each)
        .persist()
        .intercept(/^/, method)
        .reply(function (path) {
          const next = left.shift();
          const { authorization: as, 'content-length': length, 'content-type': type } = this.req.headers;
          const sent = `${method} ${each}${path}`;
          const body = `${length} bytes of ${type}`;
          const expected = bodyOf(method, unescaped(path));
          const meant = next && (next.ask === sent || next.ask === unescaped(sent)) && next.as === as;
          if (meant && body === expected) return replyOf(next.answer);
          astray.push(`came: ${unescaped(sent)} as ${as}, ${body}\nnext: ${next?.ask} as ${next?.as}, ${expected}`);
          return [418, ''];
        });
    }
  }
  const { host, protocol } = new URL(origin);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  const session = sessionOn({ host, credentials }, { scheme });
  return {
    ...session,
    repository: session.store.repository(repositoryName),
    /** Ends the replay. @throws Error if a request came that should not, or one did not come */
    end: (): void => {
      session.store.close();
      nock.cleanAll();
      const missing = left.map(({ ask }) => `never came: ${ask}`);
      if (astray.length || missing.length) throw new Error([...astray, ...missing].join('\n'));
    },
  };
}

/** What must come along with a request. */
function bodyOf(method: string, path: string): string {
  if (method === 'GET' || method === 'HEAD') return 'undefined bytes of undefined';
  const document = method === 'PUT' && /\/manifests\/(.*)$/.exec(path)?.[1];
  if (document) {
    const { mediaType, size } = (document === TAG ? INDEX : MANIFEST).descriptor;
    return `${size} bytes of ${mediaType}`;
  }
  const digest = /[?&]digest=(.*)$/.exec(path)?.[1];
  if (digest === undefined) return '0 bytes of undefined';
  return `${digest === CONFIG ? EMPTY_CONFIG.size : LAYER.size} bytes of application/octet-stream`;
}

function replyOf(answer: Answer): [number, Buffer, Record<string, string | string[]>] {
  const { bytes, type } = encodeBody(answer);
  const headers: Record<string, string | string[]> = type === undefined ? {} : { 'content-type': type };
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  return [answer.status, bytes, headers];
}

function unescaped(text: string): string {
  return decodeURIComponent(text.replaceAll('+', '%20'));
}

/** The exchanges of one repository that most registries have alike; what is peculiar is given. */
export function usual(origin: string, name: string) {
  const at = `${origin}/v2/${name}`;
  const exchange = (ask: string) => (as: string | undefined, answer: Answer) => ({ ask, as, answer });
  return {
    readTag: exchange(`GET ${at}/manifests/${TAG}`),
    readBack: (as: string | undefined) => exchange(`GET ${at}/manifests/${TAG}`)(as, theIndex()),
    listTags: exchange(`GET ${at}/tags/list?n=1000`),
    post: exchange(`POST ${at}/blobs/uploads/?digest=${CONFIG}`),
    mount: exchange(`POST ${at}/blobs/uploads/?mount=${LAYER.digest}&from=${name}`),
    mountConfig: exchange(`POST ${at}/blobs/uploads/?mount=${CONFIG}&from=${name}`),
    open: exchange(`POST ${at}/blobs/uploads/`),
    putManifest: exchange(`PUT ${at}/manifests/${MANIFEST.descriptor.digest}`),
    putIndex: exchange(`PUT ${at}/manifests/${TAG}`),
  };
}

export const absent = (code = 'MANIFEST_UNKNOWN'): Answer => refusal(404, code, 'not here');
export const created = (headers: Answer['headers'] = {}): Answer => ({ status: 201, headers });
export const opened = (location: string): Answer => ({ status: 202, headers: { location, range: '0-0' } });
export const challenged = (...values: readonly string[]): Answer => ({
  ...refusal(401, 'UNAUTHORIZED', 'authentication required'),
  headers: { 'www-authenticate': values },
});
export const theIndex = (headers: Answer['headers'] = {}): Answer => ({
  status: 200,
  headers: { 'content-type': OCI_INDEX, ...headers },
  body: INDEX.bytes,
});
export const theTags = (...tags: readonly string[]): Answer => ({ status: 200, body: { tags } });

export const USER: Credentials = { kind: 'basic', username: 'robin', password: 'secret', source: 'the test' };
export const BASIC = `Basic ${Buffer.from('robin:secret').toString('base64')}`;

/** For the whole file: nothing may reach the network. */
export function withoutNetwork(): void {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
