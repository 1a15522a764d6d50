/**
 * Runs in a thread of its own: paths come in, SHA-256 digests go out as hex, `undefined` for a file that cannot be read.
 * The build puts it beside the bundle as it is, so it imports nothing but Node. See `hashing-thread.ts`.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
/** One buffer for all that is read here: nobody else waits in this thread, so reading may block. */
const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
function sha256Of(path) {
    const hash = createHash('sha256');
    const file = openSync(path, 'r');
    try {
        for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
            hash.update(buffer.subarray(0, read));
        }
    }
    finally {
        closeSync(file);
    }
    return hash.digest('hex');
}
function answer(path) {
    try {
        return sha256Of(path);
    }
    catch {
        return undefined;
    }
}
parentPort?.on('message', (path) => parentPort?.postMessage(answer(path)));
