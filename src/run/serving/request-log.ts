/** Lines about what an index does, for people who look on. */

import type { Log } from '../../core/ports.js';
import { sizeText } from '../../core/text/size.js';
import type { Answered, ServeEvent } from '../../serve/event.js';

export type Detail = 'quiet' | 'usual' | 'verbose';

/** How much of a file's hash tells it apart. */
const SHORT_HASH = 12;

/** Tells events to a log: failures always; files and pages as usual; every request if asked. */
export function requestLog(log: Log, detail: Detail): (event: ServeEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'failed':
        return log.error(event.hint === undefined ? event.message : `${event.message}\nTo fix it: ${event.hint}`);
      case 'uploaded':
        return detail === 'quiet' ? undefined : log.info(`${event.status} ${event.file} in ${event.image}`);
      case 'redirected':
        return detail === 'verbose' ? log.info(`${event.project} is not ours: left to the other index`) : undefined;
      case 'passed-over':
        return detail === 'quiet'
          ? undefined
          : log.notice(`${event.project}: passed over ${event.what}, since ${event.why}`);
      case 'answered':
        return detail === 'verbose' || (detail === 'usual' && isWorthALine(event))
          ? log.info(lineOf(event))
          : undefined;
    }
  };
}

/** A log that says only what is wrong: for a command that has the terminal. */
export function failuresOnly(log: Log): Log {
  const silent = (): void => {};
  return {
    debug: (message) => log.debug(message),
    info: silent,
    notice: silent,
    warning: (message) => log.warning(message),
    error: (message) => log.error(message),
    group: (_, work) => work(),
  };
}

/** Not the questions whose answer the client has, and what is left to others. */
function isWorthALine({ status, target }: Answered): boolean {
  return status !== 304 && status !== 302 && status !== 301 && target !== '/health';
}

function lineOf({ method, target, status, cut, bytes, milliseconds, client }: Answered): string {
  const shown = target.replace(
    /^\/files\/([0-9a-f]{64})\//,
    (_, hash: string) => `/files/${hash.slice(0, SHORT_HASH)}…/`,
  );
  const verb = method === 'GET' ? '' : `${method} `;
  const columns = [
    status === 0 ? 'gone' : cut ? 'cut' : String(status),
    sizeText(bytes).padStart(10),
    `${milliseconds} ms`.padStart(9),
    client.slice(0, 16).padEnd(16),
    `${verb}${shown}`,
  ];
  return columns.join('  ');
}
