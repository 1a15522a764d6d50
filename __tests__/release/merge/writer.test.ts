import type { ByteSource } from '../../../src/core/bytes.js';
import { memoryBytes } from '../../../src/core/bytes.js';
import { type Digest, digestOf, hexOf } from '../../../src/core/digest.js';
import type { Annotations } from '../../../src/oci/descriptor.js';
import { type Document, encode } from '../../../src/oci/document.js';
import { MissingReferenceError, WriteRefusedError } from '../../../src/oci/errors.js';
import { OCI_MANIFEST } from '../../../src/oci/media-types.js';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.js';
import type { ReadOptions, Repository, WriteOptions } from '../../../src/oci/store.js';
import { EMPTY_CONFIG, EMPTY_CONFIG_BYTES } from '../../../src/pyoci/file-manifest.js';
import { ARTIFACT_TYPE } from '../../../src/pyoci/layout.js';
import { withEntries } from '../../../src/pyoci/version-index.js';
import type { Claim, Journal } from '../../../src/release/merge/journal.js';
import { UnconfirmedError } from '../../../src/release/merge/merge-errors.js';
import { type MergeRules, SETTLE } from '../../../src/release/merge/merge-state.js';
import { standingEntries } from '../../../src/release/merge/standing-entries.js';
import { writeVersion } from '../../../src/release/merge/writer.js';
import { MemoryStore } from '../../support/memory-store.js';
import { type TestPorts, testPorts } from '../../support/ports.js';

const TAG = parseTag('1.0');

/** A memory store whose far side can misbehave: every read and write of the tag goes past a hook first. */
class Watched implements Repository {
  readonly name = parseRepositoryName('o/foo');
  readonly log: string[] = [];
  before: (what: 'read' | 'write', count: number) => Promise<void> | void = () => undefined;
  after: (what: 'write', count: number) => Promise<void> | void = () => undefined;
  readonly #inner = new MemoryStore().repository(this.name);

  putBlob = (blob: Parameters<Repository['putBlob']>[0], bytes: ByteSource) => this.#inner.putBlob(blob, bytes);
  hasBlob = (blob: Parameters<Repository['hasBlob']>[0]) => this.#inner.hasBlob(blob);
  openBlob = (blob: Parameters<Repository['openBlob']>[0]) => this.#inner.openBlob(blob);
  hasManifest = (digest: Digest) => this.#inner.hasManifest(digest);
  putManifest = (document: Document) => this.#inner.putManifest(document);
  tags = () => this.#inner.tags();

  async getManifest(reference: Parameters<Repository['getManifest']>[0], options?: ReadOptions) {
    this.log.push('read');
    await this.before('read', this.#count('read'));
    return this.#inner.getManifest(reference, options);
  }

  async putTag(tag: typeof TAG, document: Document, options?: WriteOptions): Promise<void> {
    this.log.push('write');
    await this.before('write', this.#count('write'));
    await this.#inner.putTag(tag, document, options);
    await this.after('write', this.#count('write'));
  }

  /** What another publisher does behind our back, and no hook sees. */
  async overwrite(claims: readonly Claim[]): Promise<void> {
    await this.#inner.putTag(
      TAG,
      withEntries(
        undefined,
        claims.map((claim) => claim.entry),
        {},
      ),
    );
  }

  async architectures(): Promise<readonly string[]> {
    const document = await this.#inner.getManifest(TAG);
    return standingEntries(document, 'x').map((entry) => entry.architecture);
  }

  #count(what: string): number {
    return this.log.filter((line) => line === what).length;
  }
}

let repository: Watched;
let ports: TestPorts;

beforeEach(async () => {
  repository = new Watched();
  ports = testPorts();
  await repository.putBlob(EMPTY_CONFIG, memoryBytes(EMPTY_CONFIG_BYTES));
});

/** A file that is stored and waits to be listed. */
async function stored(architecture: string, content = architecture): Promise<Claim> {
  const bytes = Buffer.from(content);
  const layer = { mediaType: ARTIFACT_TYPE, digest: digestOf(bytes), size: bytes.length };
  await repository.putBlob(layer, memoryBytes(bytes));
  const manifest = encode({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: EMPTY_CONFIG, layers: [layer] });
  await repository.putManifest(manifest);
  const sha256 = hexOf(layer.digest);
  const descriptor = {
    ...manifest.descriptor,
    platform: { architecture, os: 'any' },
    annotations: { 'com.pyoci.sha256_digest': sha256 },
  };
  return { entry: { architecture, sha256, descriptor }, replaces: undefined };
}

interface Given {
  readonly annotations?: Annotations;
  readonly journal?: Journal | undefined;
  readonly rules?: MergeRules;
  readonly restore?: () => Promise<void>;
  readonly ports?: TestPorts;
}

function write(claims: readonly Claim[], given: Given = {}) {
  const { annotations = {}, journal, rules = hold(SETTLE).rules, restore = async () => undefined } = given;
  const version = { repository, tag: TAG, image: 'ghcr.io/o/foo:1.0' };
  return writeVersion(version, { claims, annotations, restore }, { journal, rules }, given.ports ?? ports);
}

const hold = (milliseconds: number) => ({
  rules: { hold: milliseconds, journaled: false, skipTaken: false, patience: 0, longest: 900_000, mostRounds: 100 },
});

describe('a lone publisher', () => {
  it('reads, writes once, reads back, waits the settle time and looks once more', async () => {
    const merged = await write([await stored('a.whl')]);
    expect(repository.log).toEqual(['read', 'write', 'read', 'read']);
    expect(ports.clock.slept).toEqual([SETTLE]);
    expect(merged).toMatchObject({ met: 0, repaired: 0, doubtful: false });
  });

  it('pays one read-back and no wait without coordination', async () => {
    await write([await stored('a.whl')], hold(0));
    expect(repository.log).toEqual(['read', 'write', 'read']);
    expect(ports.clock.slept).toEqual([]);
  });
});

describe('a file that another publisher overwrites', () => {
  it('right after our write is put back, beside theirs', async () => {
    const mine = await stored('a.whl');
    const theirs = await stored('b.whl');
    repository.after = (_what, count) => (count === 1 ? repository.overwrite([theirs]) : undefined);
    const merged = await write([mine]);
    expect(await repository.architectures()).toEqual(['b.whl', 'a.whl']);
    expect(merged).toMatchObject({ met: 1, repaired: 1 });
  });

  it('while we settle is put back, and the settle time starts anew', async () => {
    const mine = await stored('a.whl');
    const theirs = await stored('b.whl');
    repository.before = (what, count) => (what === 'read' && count === 3 ? repository.overwrite([theirs]) : undefined);
    await write([mine]);
    expect(await repository.architectures()).toEqual(['b.whl', 'a.whl']);
    expect(ports.clock.slept).toEqual([SETTLE, SETTLE]);
  });
});

describe('the write of a tag', () => {
  it('that is refused for a while is not sent again as it was: the tag is read first, and theirs kept', async () => {
    const mine = await stored('a.whl');
    const theirs = await stored('b.whl');
    const busy = new WriteRefusedError('503', { temporary: true, mayHaveApplied: false, retryAfter: 5_000 });
    repository.before = async (what, count) => {
      if (what !== 'write' || count !== 1) return;
      await repository.overwrite([theirs]);
      throw busy;
    };
    await write([mine], hold(0));
    expect(repository.log).toEqual(['read', 'write', 'read', 'write', 'read']);
    expect(ports.clock.slept).toEqual([5_000]);
    expect(await repository.architectures()).toEqual(['b.whl', 'a.whl']);
  });

  it('that was applied though it was answered with an error is a success, and doubtful', async () => {
    repository.after = () => {
      throw new Error('socket hang up');
    };
    const merged = await write([await stored('a.whl')], hold(0));
    expect(repository.log).toEqual(['read', 'write', 'read']);
    expect(merged.doubtful).toBe(true);
  });

  it('that is refused for good fails with the words of the store', async () => {
    repository.before = (what) => {
      if (what === 'write')
        throw new WriteRefusedError('Cannot write: 403', { temporary: false, mayHaveApplied: false });
    };
    await expect(write([await stored('a.whl')])).rejects.toThrow('Cannot write: 403');
    expect(repository.log).toEqual(['read', 'write', 'read']);
  });

  it('that fails again and again is given up', async () => {
    repository.before = (what) => {
      if (what === 'write') throw new Error('socket hang up');
    };
    await expect(write([await stored('a.whl')])).rejects.toThrow('the index could not be written');
    expect(repository.log.filter((line) => line === 'write')).toHaveLength(6);
  });

  it('that takes longer than others wait is doubtful, and is settled longer', async () => {
    repository.before = (what) => {
      if (what === 'write') ports.clock.pass(SETTLE + 1);
    };
    const merged = await write([await stored('a.whl')]);
    expect(merged.doubtful).toBe(true);
    expect(ports.clock.slept).toEqual([3 * SETTLE]);
  });

  it('does not happen on a reading that is older than half the settle time', async () => {
    repository.before = (what, count) => {
      if (what === 'read' && count === 1) ports.clock.pass(SETTLE / 2 + 1);
    };
    await write([await stored('a.whl')], hold(0));
    expect(repository.log).toEqual(['read', 'read', 'write', 'read']);
  });

  it('happens in the end though every reading is slow, since the doubt is told', async () => {
    repository.before = (what) => {
      if (what === 'read') ports.clock.pass(SETTLE + 1);
    };
    const merged = await write([await stored('a.whl')], hold(0));
    expect(merged.doubtful).toBe(true);
  });
});

describe('a registry that misses something the index lists', () => {
  it('gets my manifests once more, and the write is tried again', async () => {
    const mine = await stored('a.whl');
    let restored = 0;
    repository.before = (what, count) => {
      if (what === 'write' && count === 1) throw new MissingReferenceError('gone', [mine.entry.descriptor.digest]);
    };
    await write([mine], {
      ...hold(0),
      restore: async () => {
        restored += 1;
      },
    });
    expect(restored).toBe(1);
    expect(await repository.architectures()).toEqual(['a.whl']);
  });

  it('is not asked again where the missing manifest is not mine, and the cure is told', async () => {
    const theirs = digestOf(Buffer.from('theirs'));
    repository.before = (what) => {
      if (what === 'write') throw new MissingReferenceError('gone', [theirs]);
    };
    await expect(write([await stored('a.whl')])).rejects.toMatchObject({
      message: expect.stringContaining(theirs),
      hint: expect.stringContaining('publish the files they stood for again'),
    });
    expect(repository.log.filter((line) => line === 'write')).toHaveLength(1);
  });
});

describe('other bytes under my file name', () => {
  it('in the tag make me fail, naming file and both digests, and stay', async () => {
    const mine = await stored('a.whl', 'mine');
    const theirs = await stored('a.whl', 'theirs');
    repository.before = (what, count) => (what === 'read' && count === 1 ? repository.overwrite([theirs]) : undefined);
    await expect(write([mine])).rejects.toThrow(
      `a.whl has sha256:${mine.entry.sha256} here, and another publisher of this version has sha256:${theirs.entry.sha256}`,
    );
    expect(repository.log).not.toContain('write');
  });

  it('in the tag make my file skipped, where that was asked for', async () => {
    const mine = await stored('a.whl', 'mine');
    const theirs = await stored('a.whl', 'theirs');
    repository.before = (what, count) => (what === 'read' && count === 1 ? repository.overwrite([theirs]) : undefined);
    const merged = await write([mine], {
      rules: { hold: 0, journaled: false, skipTaken: true, patience: 0, longest: 900_000, mostRounds: 100 },
    });
    expect(merged.skipped).toEqual([{ mine, theirs: theirs.entry }]);
    expect(repository.log).not.toContain('write');
  });
});

describe('a journal', () => {
  const journaled = { hold: 0, journaled: true, skipTaken: false, patience: 0, longest: 900_000, mostRounds: 100 };

  it('brings in what others pushed, though the tag does not list it yet', async () => {
    const mine = await stored('a.whl');
    const theirs = await stored('b.whl');
    const journal: Journal = {
      label: 'notes',
      complete: true,
      append: async () => undefined,
      read: async () => [mine, theirs],
    };
    await write([mine], { journal, rules: journaled });
    expect(await repository.architectures()).toEqual(['a.whl', 'b.whl']);
  });

  it('is not believed where the manifest it names is gone', async () => {
    const mine = await stored('a.whl');
    const gone: Claim = {
      ...mine,
      entry: {
        ...mine.entry,
        architecture: 'b.whl',
        descriptor: { ...mine.entry.descriptor, digest: digestOf(Buffer.from('gone')) },
      },
    };
    const journal: Journal = {
      label: 'notes',
      complete: true,
      append: async () => undefined,
      read: async () => [mine, gone],
    };
    await write([mine], { journal, rules: journaled });
    expect(await repository.architectures()).toEqual(['a.whl']);
  });

  it('that fails leaves timing, and a warning', async () => {
    const mine = await stored('a.whl');
    const journal: Journal = {
      label: 'notes',
      complete: true,
      append: async () => undefined,
      read: () => Promise.reject(new Error('500')),
    };
    await write([mine], { journal, rules: journaled });
    expect(ports.log.of('warning')).toEqual([expect.stringContaining('protected by timing only: 500')]);
  });
});

it('a tag that never comes to rest ends in an error, not in success', async () => {
  const mine = await stored('a.whl');
  const others = await Promise.all(['b', 'c'].map((name) => stored(`${name}.whl`)));
  repository.before = async (what, count) => {
    const other = others[count % 2];
    if (what === 'read' && other) await repository.overwrite([other]);
  };
  await expect(write([mine])).rejects.toThrow('did not come to rest in 100 readings');
});

describe('a publisher that is told to stop', () => {
  let stop: AbortController;
  beforeEach(() => {
    stop = new AbortController();
    ports = testPorts(stop.signal);
  });
  const abort = (): void => stop.abort(new Error('SIGTERM'));

  it('right after its write reads it back, and does not watch it', async () => {
    repository.after = abort;
    expect(await write([await stored('a.whl')])).toMatchObject({
      watched: false,
      entries: [{ architecture: 'a.whl' }],
    });
    expect([repository.log, ports.clock.slept]).toEqual([['read', 'write', 'read'], []]);
  });

  it('before its write leaves without one', async () => {
    repository.before = abort;
    await expect(write([await stored('a.whl')])).rejects.toBe(stop.signal.reason);
    expect(repository.log).toEqual(['read']);
  });

  it('does not write again what got no answer, and says that nobody knows', async () => {
    repository.before = (what) => {
      if (what === 'read') return;
      abort();
      throw new Error('the connection broke');
    };
    await expect(write([await stored('a.whl')])).rejects.toBeInstanceOf(UnconfirmedError);
    expect(repository.log).toEqual(['read', 'write', 'read']);
  });

  it('leaves with its files where a write without an answer turns out to stand', async () => {
    repository.after = () => {
      abort();
      throw new Error('the connection broke');
    };
    expect(await write([await stored('a.whl')])).toMatchObject({
      watched: false,
      entries: [{ architecture: 'a.whl' }],
    });
  });

  it('says that nobody knows where its write cannot be read back', async () => {
    repository.after = abort;
    repository.before = (what, count) => {
      if (what === 'read' && count > 1) throw new Error('no more time');
    };
    await expect(write([await stored('a.whl')])).rejects.toBeInstanceOf(UnconfirmedError);
  });

  it('before the write that would put its lost file back, still puts it back', async () => {
    const mine = await stored('a.whl');
    const theirs = await stored('b.whl');
    repository.before = async (what, count) => {
      // What the third reading finds, settling: our file is gone.
      if (what === 'read' && count === 3) await repository.overwrite([theirs]);
      if (what !== 'write' || count !== 2) return;
      abort();
      throw stop.signal.reason;
    };
    expect(await write([mine])).toMatchObject({ watched: false, repaired: 1 });
    expect(await repository.architectures()).toEqual(['b.whl', 'a.whl']);
  });

  it('still fails over a file that another has published with other bytes', async () => {
    const theirs = await stored('a.whl', 'other bytes');
    repository.after = async () => {
      await repository.overwrite([theirs]);
      abort();
    };
    await expect(write([await stored('a.whl')])).rejects.toThrow(/another publisher of this version has/);
  });
});
