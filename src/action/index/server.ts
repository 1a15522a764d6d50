/** The server of the index action: serves until it is told to stop. What it says goes to the file of its log. */
import { once } from 'node:events';
import { explain, UserError } from '../../core/errors.js';
import type { Env, Log } from '../../core/ports.js';
import { printableLines } from '../../core/text/printable.js';
import { Redactor } from '../../core/text/redactor.js';
import { systemClock, systemRandom } from '../../run/machine/system.js';
import { userAgent } from '../../run/machine/version.js';
import { requestLog } from '../../run/serving/request-log.js';
import { serveRun } from '../../run/serving/serve-run.js';
import type { ServeInputs } from '../../run/settings/inputs.js';
import { stopOf } from '../../run/stopping/serving.js';
import { inputNamed } from '../shared/inputs.js';

/** The word that makes the bundle the server. */
export const SERVER = 'serve';

/** What the step tells its server, by a channel that nobody else reads. */
export interface Order {
  readonly inputs: ServeInputs;
  /** The environment of the step: for credentials and for the indexes that are set. The process itself has little of it. */
  readonly env: Env;
  /** Of the index. */
  readonly password: string;
  readonly nonce: string;
}

/** What the server tells its step: that it listens, or why not. */
export type Word =
  | { readonly kind: 'ready'; readonly url: string; readonly ownedUrl: string; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | undefined };

const DRAIN = 5_000;

/** Serves what it is told to, tells that it is ready, and ends well when it is told to stop. */
export async function serveForJob(process: NodeJS.Process): Promise<void> {
  const stop = stopOf(process);
  const redactor = new Redactor();
  const log = plainLog(process, redactor);
  const [order] = (await once(process, 'message')) as [Order];
  const tell = (word: Word): Promise<void> => new Promise((resolve) => process.send?.(word, () => resolve()));
  try {
    const serving = await serveRun(order.inputs, {
      env: { ...order.env, PYOCI_INDEX_PASSWORD: order.password },
      log,
      masker: redactor,
      clock: systemClock,
      random: systemRandom,
      signal: stop.now,
      progress: { start: () => {}, more: () => {}, sent: () => {}, done: () => {}, end: () => {} },
      spelled: inputNamed,
      userAgent: userAgent('action'),
      onEvent: requestLog(log, 'verbose'),
      open: false,
      nonce: order.nonce,
    });
    const { url, ownedUrl, port } = serving;
    await tell({ kind: 'ready', url, ownedUrl, port });
    // The step ends now, and must not be held by us.
    process.disconnect?.();
    if (!stop.asked.aborted) await once(stop.asked, 'abort');
    await serving.close(DRAIN);
  } catch (error) {
    const hint = error instanceof UserError ? error.hint : undefined;
    await tell({ kind: 'failed', message: redactor.redact(explain(error)), hint });
    process.disconnect?.();
    process.exitCode = 1;
  } finally {
    stop.release();
  }
}

function plainLog(process: NodeJS.Process, redactor: Redactor): Log {
  const line = (prefix: string) => (message: string) =>
    void process.stdout.write(`${printableLines(redactor.redact(`${prefix}${message}`))}\n`);
  return {
    debug: () => {},
    info: line(''),
    notice: line('note: '),
    warning: line('warning: '),
    error: line('error: '),
    group: (_, work) => work(),
  };
}
