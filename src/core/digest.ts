import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { ByteSource } from './bytes.js';
import { UserError } from './errors.js';

declare const kind: unique symbol;

/**
 * A content digest, `sha256:` and 64 lower-case hex characters.
 * Other algorithms are legal in the image spec; we never write one, and those we read stay plain strings.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests
 */
export type Digest = `sha256:${string}` & { readonly [kind]: 'Digest' };

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && DIGEST.test(text);
}

/** @throws UserError if `text` is not a sha256 digest. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new UserError(`Cannot read digest: expected sha256:<64 hex characters>, found "${text}"`);
  return text;
}

/** The digest whose 64 hex characters are given. */
export function digestFromHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

/** The 64 hex characters of a digest, as `sha256sum` prints them. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

export function digestOf(bytes: Uint8Array): Digest {
  return digestFromHex(createHash('sha256').update(bytes).digest('hex'));
}

/** The digest of all bytes of a source, which is streamed, never held. */
export async function digestOfSource(bytes: ByteSource, signal?: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of bytes.pieces()) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return digestFromHex(hash.digest('hex'));
}

/** Bytes are not those that a digest and a size promise. */
export class VerificationError extends UserError {
  override readonly name = 'VerificationError';
}

export interface VerifyOptions {
  /**
   * Bytes at the end that come only after all of them were found right, so that a reader never has the whole of something
   * wrong. Without, all come as they are seen.
   */
  readonly holdBack?: number | undefined;
  /** Called with the bytes seen so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Passes bytes through and fails at the end if they are not exactly `expected.size` bytes with `expected.digest`.
 * Fails at once when more bytes come than expected, so that an endless body is not read to its end.
 */
export function verifying(
  expected: { readonly digest: Digest; readonly size: number },
  { holdBack = 0, onProgress }: VerifyOptions = {},
): Transform {
  const hash = createHash('sha256');
  const held: Buffer[] = [];
  let seen = 0;
  let kept = 0;
  /** All of this in one stream: each further one would keep buffers of its own, for each of many downloads. */
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > expected.size)
        return done(new VerificationError(`Cannot verify ${expected.digest}: more than ${expected.size} bytes came`));
      hash.update(chunk);
      onProgress?.(seen);
      held.push(chunk);
      kept += chunk.length;
      for (let first = held[0]; first && kept - first.length >= holdBack; first = held[0]) {
        kept -= first.length;
        this.push(held.shift());
      }
      done();
    },
    flush(done) {
      const found = hash.digest('hex');
      if (seen !== expected.size) {
        return done(
          new VerificationError(`Cannot verify ${expected.digest}: expected ${expected.size} bytes, found ${seen}`),
        );
      }
      if (found !== hexOf(expected.digest)) {
        return done(new VerificationError(`Cannot verify ${expected.digest}: the bytes have digest sha256:${found}`));
      }
      for (const chunk of held) this.push(chunk);
      done();
    },
  });
}
