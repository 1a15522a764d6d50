import type { EventEmitter } from 'node:events';
import { codeOf } from '../core/error-code.js';

/** What a stream says once nobody reads it any more: at once, and to whoever goes on writing. */
const GONE: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED'];

/**
 * Lets the run go on without a reader that left early, as `head` does: it must not stop half way for that, and its exit
 * status says how it ended. Any other trouble of a stream is thrown.
 */
export function outliveReaders(streams: readonly EventEmitter[]): void {
  for (const stream of streams) {
    stream.on('error', (error: unknown) => {
      if (!GONE.includes(codeOf(error))) throw error;
    });
  }
}
