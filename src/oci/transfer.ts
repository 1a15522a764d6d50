import { addAbortSignal, pipeline, type Readable } from 'node:stream';
import { anySignal } from '../core/cancellation.js';
import { verifying } from '../core/digest.js';
import type { Descriptor } from './descriptor.js';
import type { InTurn, TransferOptions } from './store.js';

/** The bytes of `source` as a stream that fails if they are not those of `blob`, or if the signal aborts. */
export function verified(source: Readable, blob: Descriptor, options: TransferOptions): Readable {
  const checked = verifying(blob, options);
  if (options.signal) addAbortSignal(anySignal(options.signal, undefined), checked);
  pipeline(source, checked, () => {
    // The reader learns of every failure from the stream it holds.
  });
  return checked;
}

/** For callers who let everything go at once. */
export const atOnce: InTurn = (send) => send();

/** Why a transfer failed: the reason of the signal if that is what ended it, else the error itself. */
export function reasonOf(error: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : error;
}
