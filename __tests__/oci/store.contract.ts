import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type ByteSource, memoryBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import type { Descriptor, ImageIndex, ImageManifest, JsonObject } from '../../src/oci/descriptor.js';
import { type Document, decode, encode } from '../../src/oci/document.js';
import { MissingReferenceError } from '../../src/oci/errors.js';
import { DOCKER_MANIFEST, OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import {
  type ByteRange,
  type InTurn,
  isDeleting,
  isRanged,
  isResolving,
  type Repository,
  type Store,
} from '../../src/oci/store.js';
import { MOST_LISTENERS, watchedSignal } from '../support/watched-signal.js';

export interface OpenStore {
  readonly store: Store;
  /** Repositories below it hold nothing yet. */
  readonly namespace?: string;
  close(): Promise<void>;
}

/**
 * What a store lets pass although something it points at is missing, or keeps of what was deleted. The spec leaves that
 * to registries.
 */
export type Leniency = 'missing blobs' | 'missing manifests' | 'kept tags';

/** Holds a home of content to every promise of `src/oci/store.ts`. */
export function describeStore(name: string, open: () => Promise<OpenStore>, lenient: readonly Leniency[] = []): void {
  describe(`${name} keeps the promises of a store:`, () => {
    let opened: OpenStore;
    let repository: Repository;
    beforeEach(async () => {
      opened = await open();
      repository = repositoryOf('python/demo');
    });
    afterEach(() => opened.close());

    const repositoryOf = (path: string): Repository =>
      opened.store.repository(parseRepositoryName(`${opened.namespace ?? 'owner'}/${path}`));
    const push = async (target: Repository, text = 'wheel'): Promise<Document<ImageIndex>> => {
      const file = blobOf(Buffer.from(text));
      await target.putBlob(EMPTY, memoryBytes(EMPTY_BYTES));
      await target.putBlob(file, memoryBytes(Buffer.from(text)));
      const manifest = manifestOf(file);
      await target.putManifest(manifest);
      return indexOf(manifest);
    };

    it('it knows its repositories and itself by name', () => {
      expect(repository.name).toMatch(/\/python\/demo$/);
      expect(opened.store.label).not.toBe('');
    });

    describe('manifests that are deleted', () => {
      it('go with every tag of theirs, and leave what they name and what others name', async () => {
        if (!isDeleting(repository)) return;
        const index = await push(repository);
        const [child] = index.value.manifests;
        const other = encode({ ...index.value, annotations: { of: 'another' } });
        for (const tag of ['1.0', '1.0.0']) await repository.putTag(parseTag(tag), index);
        await repository.putTag(parseTag('2.0'), other);
        expect(await repository.deleteManifest(index.descriptor.digest)).toBe('deleted');
        for (const tag of lenient.includes('kept tags') ? ['1.0', '1.0.0'] : []) {
          expect(await repository.deleteTag?.(parseTag(tag))).toBe('deleted');
        }
        expect(await repository.tags()).toEqual(['2.0']);
        expect(await repository.getManifest(index.descriptor.digest)).toBeUndefined();
        expect(await repository.getManifest(parseTag('1.0'))).toBeUndefined();
        expect(await repository.getManifest(parseTag('2.0'))).toEqual(other);
        expect(child && (await repository.hasManifest(child.digest))).toBe(true);
        expect(await repository.deleteManifest(index.descriptor.digest)).toBe('absent');
        await repository.putTag(parseTag('1.0'), index);
        expect(await repository.getManifest(parseTag('1.0'))).toEqual(index);
      });

      it('are absent where nothing ever was', async () => {
        if (!isDeleting(repository)) return;
        expect(await repository.deleteManifest(digestOf(Buffer.from('nothing')))).toBe('absent');
      });
    });

    describe('blobs', () => {
      it('are sent once, and present from then on', async () => {
        const bytes = Buffer.from('some bytes');
        expect(await repository.putBlob(blobOf(bytes), memoryBytes(bytes))).toBe('sent');
        expect(await repository.putBlob(blobOf(bytes), memoryBytes(bytes))).toBe('present');
        expect(await buffer(await repository.openBlob(blobOf(bytes)))).toEqual(bytes);
      });

      it.each([
        ['empty', 0],
        ['of one byte', 1],
        ['larger than any single write', 5 * 1024 * 1024 + 1],
      ])('come back bit-identical when %s', async (_, size) => {
        const bytes = Buffer.alloc(size, 'abcdefg');
        expect(await repository.putBlob(blobOf(bytes), memoryBytes(bytes))).toBe('sent');
        expect(digestOf(await buffer(await repository.openBlob(blobOf(bytes))))).toBe(digestOf(bytes));
      });

      it('are known to be there by digest and length', async () => {
        const bytes = Buffer.from(`looked for ${randomUUID()}`);
        const blob = blobOf(bytes);
        expect(await repository.hasBlob(blob)).toBe(false);
        await repository.putBlob(blob, memoryBytes(bytes));
        expect(await repository.hasBlob(blob)).toBe(true);
        expect(await repository.hasBlob({ ...blob, size: blob.size + 1 })).toBe(false);
        expect(await repositoryOf('python/none').hasBlob(blobOf(Buffer.from('never put')))).toBe(false);
      });

      it('come from another repository, or by their bytes where that one does not have them', async () => {
        const other = repositoryOf('python/lender');
        const [lent, sent] = [Buffer.from(`lent ${randomUUID()}`), Buffer.from(`on one side ${randomUUID()}`)];
        await other.putBlob(blobOf(lent), memoryBytes(lent));
        const options = { mountFrom: other.name };
        expect(await repository.putBlob(blobOf(lent), memoryBytes(lent), options)).toMatch(/^(present|sent)$/);
        expect(await repository.putBlob(blobOf(sent), memoryBytes(sent), options)).toBe('sent');
        expect(await buffer(await repository.openBlob(blobOf(lent)))).toEqual(lent);
        expect(await buffer(await repository.openBlob(blobOf(sent)))).toEqual(sent);
      });

      it('give their end last when it is held back, and all of it', async () => {
        const bytes = Buffer.alloc(300_000, 'abcdefg');
        await repository.putBlob(blobOf(bytes), memoryBytes(bytes));
        expect(await buffer(await repository.openBlob(blobOf(bytes), { holdBack: 64 * 1024 }))).toEqual(bytes);
      });

      it('of the wrong digest are refused and not kept', async () => {
        const claimed = blobOf(Buffer.from('right'));
        await expect(repository.putBlob(claimed, memoryBytes(Buffer.from('wrong')))).rejects.toThrow();
        await expect(readBlob(repository, claimed)).rejects.toThrow();
        expect(await repository.putBlob(claimed, memoryBytes(Buffer.from('right')))).toBe('sent');
      });

      it.each([
        ['fewer', 'four byte'],
        ['more', 'four bytes and more'],
      ])('of %s bytes than promised are refused and not kept', async (which, text) => {
        // A text of its own: some registries share their blobs between all repositories.
        const claimed = blobOf(Buffer.from(`${which}: four bytes`));
        const source = sourceOf(claimed.size, () => [Buffer.from(`${which}: ${text}`)]);
        await expect(repository.putBlob(claimed, source)).rejects.toThrow();
        await expect(readBlob(repository, claimed)).rejects.toThrow();
      });

      it('whose source breaks half way are not kept, and go through with the next attempt', async () => {
        const bytes = Buffer.alloc(300_000, 'x');
        const broken = sourceOf(bytes.length, function* () {
          yield bytes.subarray(0, 100_000);
          throw new Error('disk on fire');
        });
        await expect(repository.putBlob(blobOf(bytes), broken)).rejects.toThrow();
        await expect(readBlob(repository, blobOf(bytes))).rejects.toThrow();
        expect(await repository.putBlob(blobOf(bytes), memoryBytes(bytes))).toBe('sent');
      });

      it('that are not there cannot be opened', async () => {
        await expect(readBlob(repository, blobOf(Buffer.from('never put')))).rejects.toThrow(/Cannot /);
      });

      it('of another size than promised fail while they are read', async () => {
        const bytes = Buffer.from('some bytes');
        await repository.putBlob(blobOf(bytes), memoryBytes(bytes));
        await expect(readBlob(repository, { ...blobOf(bytes), size: 4 })).rejects.toThrow();
        await expect(readBlob(repository, { ...blobOf(bytes), size: 40 })).rejects.toThrow();
      });

      it('tell how far they are, up to their size and never beyond', async () => {
        const bytes = Buffer.alloc(400_000, 'x');
        const seen: number[] = [];
        const onProgress = (gone: number): void => void seen.push(gone);
        await repository.putBlob(blobOf(bytes), memoryBytes(bytes), { onProgress });
        expect(seen.at(-1)).toBe(bytes.length);
        expect(Math.max(...seen)).toBe(bytes.length);
      });

      it('are sent in their turn, and take none if they are there', async () => {
        const bytes = Buffer.alloc(80_000, 'turn');
        const turns: string[] = [];
        const inTurn: InTurn = async (send) => {
          turns.push('begun');
          const sent = await send();
          turns.push('ended');
          return sent;
        };
        expect(await repository.putBlob(blobOf(bytes), memoryBytes(bytes), { inTurn })).toBe('sent');
        expect(turns).toEqual(['begun', 'ended']);
        expect(await repository.putBlob(blobOf(bytes), memoryBytes(bytes), { inTurn })).toBe('present');
        expect(turns).toHaveLength(2);
      });

      it('may be put by several at once', async () => {
        const bytes = Buffer.alloc(50_000, 'y');
        const puts = [1, 2, 3, 4].map(() => repository.putBlob(blobOf(bytes), memoryBytes(bytes)));
        expect((await Promise.all(puts)).every((put) => put === 'sent' || put === 'present')).toBe(true);
        expect((await readBlob(repository, blobOf(bytes))).equals(bytes)).toBe(true);
      });
    });

    describe('parts of blobs', () => {
      const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7919) % 251));
      const blob = blobOf(bytes);
      const part = async (range: ByteRange, of = blob): Promise<Buffer> => {
        if (!isRanged(repository)) throw new Error('It gives no parts');
        return buffer(await repository.openBlobRange(of, range));
      };

      it.each([
        ['the first byte', 0, 0],
        ['the last byte', 199_999, 199_999],
        ['the middle', 65_530, 131_080],
        ['the end', 150_000, 199_999],
        ['everything', 0, 199_999],
      ])('come as they are: %s', async (_, first, last) => {
        await repository.putBlob(blob, memoryBytes(bytes));
        expect((await part({ first, last })).equals(bytes.subarray(first, last + 1))).toBe(true);
      });

      it('of what is not there, or of another size, are no parts of it', async () => {
        const never = blobOf(Buffer.from('never put, not even in parts'));
        await expect(part({ first: 0, last: 3 }, never)).rejects.toThrow(/Cannot /);
        await repository.putBlob(blob, memoryBytes(bytes));
        await expect(part({ first: 0, last: 3 }, { ...blob, size: 300_000 })).rejects.toThrow(/Cannot /);
      });

      it('need not be read to their end', async () => {
        if (!isRanged(repository)) throw new Error('It gives no parts');
        await repository.putBlob(blob, memoryBytes(bytes));
        const left = await repository.openBlobRange(blob, { first: 10, last: 199_000 });
        left.once('error', () => {});
        left.destroy();
        expect((await part({ first: 0, last: 9 })).equals(bytes.subarray(0, 10))).toBe(true);
      });
    });

    describe('manifests', () => {
      it('are absent until they are put, and then come back byte for byte', async () => {
        const index = await push(repository);
        expect(await repository.getManifest(index.descriptor.digest)).toBeUndefined();
        expect(await repository.hasManifest(index.descriptor.digest)).toBe(false);
        await repository.putManifest(index);
        expect(await repository.hasManifest(index.descriptor.digest)).toBe(true);
        expect(await repository.getManifest(index.descriptor.digest)).toEqual(index);
        expect(await repository.tags()).toEqual([]);
      });

      it('may be put twice', async () => {
        const index = await push(repository);
        await repository.putManifest(index);
        await repository.putManifest(index);
        expect(await repository.hasManifest(index.descriptor.digest)).toBe(true);
      });

      it.each([
        ['file', () => repository.putBlob(EMPTY, memoryBytes(EMPTY_BYTES))],
        ['config', () => repository.putBlob(blobOf(Buffer.from('file')), memoryBytes(Buffer.from('file')))],
      ])(`are ${lenient.includes('missing blobs') ? 'taken' : 'refused'} before their %s`, async (_, putTheOther) => {
        await putTheOther();
        const manifest = manifestOf(blobOf(Buffer.from('file')));
        const failure = await repository.putManifest(manifest).catch((error: unknown) => error);
        expect(failure instanceof MissingReferenceError).toBe(!lenient.includes('missing blobs'));
        expect(await repository.hasManifest(manifest.descriptor.digest)).toBe(failure === undefined);
      });

      it(`${lenient.includes('missing manifests') ? 'need not' : 'must'} be there before an index that lists them`, async () => {
        const missing = manifestOf(blobOf(Buffer.from('not put')));
        const failure = await repository.putManifest(indexOf(missing)).catch((error: unknown) => error);
        expect(failure instanceof MissingReferenceError).toBe(!lenient.includes('missing manifests'));
        // A registry names what is missing or does not; it never names anything else.
        const named = failure instanceof MissingReferenceError ? failure.missing : [];
        expect([[], [missing.descriptor.digest]]).toContainEqual(named);
      });

      it('keep the members and annotations that we do not know, and the form of their JSON', async () => {
        await push(repository);
        const text = `{ "mediaType":"${OCI_INDEX}",\n  "schemaVersion":2, "org.example.own" : {"deep":[1, 2.50, "\\u00e9"]},
          "annotations" : {"org.example/foreign":"é"}, "manifests" : [] }`;
        const foreign = decode(Buffer.from(text), OCI_INDEX, 'the test');
        await repository.putManifest(foreign);
        await repository.putTag(parseTag('1.0'), foreign);
        const read = await repository.getManifest(parseTag('1.0'));
        expect(read?.bytes.toString()).toBe(text);
        expect((await repository.getManifest(foreign.descriptor.digest))?.descriptor).toEqual(foreign.descriptor);
      });

      it('of Docker come back as what they are', async () => {
        const config = blobOf(EMPTY_BYTES, 'application/vnd.docker.container.image.v1+json');
        await repository.putBlob(config, memoryBytes(EMPTY_BYTES));
        const image = encode({ schemaVersion: 2, mediaType: DOCKER_MANIFEST, config, layers: [] });
        await repository.putTag(parseTag('1.0'), image);
        expect((await repository.getManifest(parseTag('1.0')))?.descriptor).toEqual(image.descriptor);
      });

      it('are never blobs: a blob does not come back as a manifest', async () => {
        await repository.putBlob(EMPTY, memoryBytes(EMPTY_BYTES));
        // Absent, or an error: distribution answers 500 to this.
        const found = await repository.getManifest(EMPTY.digest).catch(() => undefined);
        expect(found).toBeUndefined();
      });
    });

    describe('tags', () => {
      it('are none where nothing was put, and reading one says so', async () => {
        expect(await repository.tags()).toEqual([]);
        expect(await repository.getManifest(parseTag('1.0'))).toBeUndefined();
        expect(await repository.tags()).toEqual([]);
      });

      it('give back what they were pointed at, and store it under its digest', async () => {
        const index = await push(repository);
        await repository.putTag(parseTag('1.0'), index);
        expect(await repository.getManifest(parseTag('1.0'))).toEqual(index);
        expect(await repository.getManifest(index.descriptor.digest)).toEqual(index);
        expect(await repository.tags()).toEqual(['1.0']);
      });

      it('point at the last document written, and the one before stays under its digest', async () => {
        const first = await push(repository, 'first');
        const second = await push(repository, 'second');
        await repository.putTag(parseTag('1.0'), first);
        await repository.putTag(parseTag('1.0'), second);
        expect(await repository.getManifest(parseTag('1.0'))).toEqual(second);
        expect(await repository.hasManifest(first.descriptor.digest)).toBe(true);
        expect(await repository.tags()).toEqual(['1.0']);
      });

      it('tell what they point at without sending it', async () => {
        if (!isResolving(repository)) throw new Error('It resolves no tags');
        expect(await repository.resolveTag(parseTag('1.0'))).toBeUndefined();
        const [first, second] = [await push(repository, 'first'), await push(repository, 'second')];
        await repository.putTag(parseTag('1.0'), first);
        expect(await repository.resolveTag(parseTag('1.0'))).toBe(first.descriptor.digest);
        await repository.putTag(parseTag('1.0'), second);
        expect(await repository.resolveTag(parseTag('1.0'))).toBe(second.descriptor.digest);
        expect(await repository.resolveTag(parseTag('1.1'))).toBeUndefined();
      });

      it('may be written twice with the same document', async () => {
        const index = await push(repository);
        await repository.putTag(parseTag('1.0'), index);
        await repository.putTag(parseTag('1.0'), index);
        expect(await repository.tags()).toEqual(['1.0']);
      });

      if (!lenient.includes('missing manifests')) {
        it('are left as they were by a document whose references are missing', async () => {
          const index = await push(repository);
          await repository.putTag(parseTag('1.0'), index);
          const unfit = indexOf(manifestOf(blobOf(Buffer.from('not put'))));
          await expect(repository.putTag(parseTag('1.0'), unfit)).rejects.toThrow(MissingReferenceError);
          await expect(repository.putTag(parseTag('2.0'), unfit)).rejects.toThrow(MissingReferenceError);
          expect(await repository.getManifest(parseTag('1.0'))).toEqual(index);
          expect(await repository.tags()).toEqual(['1.0']);
        });
      }

      it('are listed all, each once, in an order that does not change', async () => {
        const index = await push(repository);
        const written = ['1.10', '1.9', 'v2', '1.0-cu12', '_x', 'A', '1.10'].map(parseTag);
        for (const tag of written) await repository.putTag(tag, index);
        const listed = await repository.tags();
        expect([...listed].sort(byUnits)).toEqual([...new Set<string>(written)].sort(byUnits));
        expect(await repository.tags()).toEqual(listed);
      });

      it('of one repository do not show in another, nor in one whose name begins the same', async () => {
        await repository.putTag(parseTag('1.0'), await push(repository));
        for (const path of ['python/demo2', 'python', 'other']) {
          const other = repositoryOf(path);
          expect(await other.tags()).toEqual([]);
          expect(await other.getManifest(parseTag('1.0'))).toBeUndefined();
        }
      });

      it('of one repository may be written by several at once', async () => {
        const index = await push(repository);
        const tags = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];
        await Promise.all(tags.map((tag) => repository.putTag(parseTag(tag), index)));
        expect([...(await repository.tags())].sort(byUnits)).toEqual(tags);
      });
    });

    it('every call gives up with the reason of its signal', async () => {
      const index = await push(repository);
      const reason = new Error('the user has had enough');
      const options = { signal: AbortSignal.abort(reason) };
      const bytes = Buffer.from('late');
      const calls: (() => Promise<unknown>)[] = [
        () => repository.putBlob(blobOf(bytes), memoryBytes(bytes), options),
        () => repository.openBlob(EMPTY, options),
        () => repository.getManifest(parseTag('1.0'), options),
        () => repository.hasManifest(index.descriptor.digest, options),
        () => repository.putManifest(index, options),
        () => repository.putTag(parseTag('1.0'), index, options),
        () => repository.tags(options),
        async () => isRanged(repository) && repository.openBlobRange(EMPTY, { first: 0, last: 1 }, options),
        async () => isResolving(repository) && repository.resolveTag(parseTag('1.0'), options),
      ];
      for (const call of calls) await expect(call()).rejects.toBe(reason);
      expect(await repository.tags()).toEqual([]);
    });

    it('any number of calls listen to one signal, and it stays below what Node takes for a leak', async () => {
      const index = await push(repository);
      const { signal, most } = watchedSignal();
      const texts = Array.from({ length: 20 }, (_, at) => Buffer.from(`one of many: ${at}`));
      await Promise.all(texts.map((bytes) => repository.putBlob(blobOf(bytes), memoryBytes(bytes), { signal })));
      const open = await Promise.all(texts.map((bytes) => repository.openBlob(blobOf(bytes), { signal })));
      expect(await Promise.all(open.map((body) => buffer(body)))).toEqual(texts);
      await Promise.all(texts.map((_, at) => repository.putTag(parseTag(`1.${at}`), index, { signal })));
      await Promise.all(texts.map((_, at) => repository.getManifest(parseTag(`1.${at}`), { signal })));
      expect(most()).toBeLessThanOrEqual(MOST_LISTENERS);
    });

    it('an upload gives up half way when its signal says so, and keeps nothing', async () => {
      const bytes = Buffer.alloc(1_000_000, 'z');
      const stop = new AbortController();
      const reason = new Error('the user has had enough');
      const endless = sourceOf(bytes.length, async function* () {
        yield bytes.subarray(0, 1000);
        // Nothing comes after these: only the signal can end the upload.
        await new Promise(() => {});
      });
      const options = { signal: stop.signal, onProgress: () => stop.abort(reason) };
      await expect(repository.putBlob(blobOf(bytes), endless, options)).rejects.toBe(reason);
      await expect(readBlob(repository, blobOf(bytes))).rejects.toThrow();
    });
  });
}

const EMPTY_BYTES = Buffer.from('{}');
const EMPTY = blobOf(EMPTY_BYTES, OCI_EMPTY);

function blobOf(bytes: Buffer, mediaType = 'application/octet-stream'): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function manifestOf(file: Descriptor): Document<ImageManifest> {
  return encode({ schemaVersion: 2 as const, mediaType: OCI_MANIFEST, config: EMPTY, layers: [file] });
}

function indexOf(...manifests: readonly Document<JsonObject>[]): Document<ImageIndex> {
  return encode({
    schemaVersion: 2 as const,
    mediaType: OCI_INDEX,
    artifactType: 'application/vnd.example.test',
    manifests: manifests.map(({ descriptor }) => ({ ...descriptor, platform: { architecture: 'x', os: 'any' } })),
  });
}

/** A source that says it has `size` bytes and gives what it likes. */
function sourceOf(size: number, give: () => Iterable<Buffer> | AsyncIterable<Buffer>): ByteSource {
  return {
    ...memoryBytes(Buffer.alloc(0)),
    size,
    async *pieces() {
      yield* give();
    },
  };
}

async function readBlob(repository: Repository, blob: Descriptor): Promise<Buffer> {
  return buffer(await repository.openBlob(blob));
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
