import type { Log } from '../../src/core/ports.js';
import type { Ports } from '../../src/publish/job.js';
import { FakeClock } from './clock.js';

/** A log that keeps its lines, each with its level in front. */
export class KeptLog implements Log {
  readonly lines: string[] = [];
  debug = (message: string): void => void this.lines.push(`debug ${message}`);
  info = (message: string): void => void this.lines.push(`info ${message}`);
  notice = (message: string): void => void this.lines.push(`notice ${message}`);
  warning = (message: string): void => void this.lines.push(`warning ${message}`);
  error = (message: string): void => void this.lines.push(`error ${message}`);

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.lines.push(`group ${title}`);
    return work();
  }

  of(level: 'debug' | 'info' | 'notice' | 'warning' | 'error'): readonly string[] {
    return this.lines.filter((line) => line.startsWith(`${level} `)).map((line) => line.slice(level.length + 1));
  }
}

export interface TestPorts extends Ports {
  readonly log: KeptLog;
  readonly clock: FakeClock;
  /** What the face was told of the uploads. */
  readonly told: string[];
}

/** Ports whose time and chance are the test's own. */
export function testPorts(signal: AbortSignal = new AbortController().signal): TestPorts {
  const told: string[] = [];
  return {
    log: new KeptLog(),
    clock: new FakeClock(),
    random: () => 0,
    signal,
    told,
    progress: {
      start: (files, bytes) => told.push(`start ${files} ${bytes}`),
      more: (files, bytes) => told.push(`more ${files} ${bytes}`),
      sent: () => undefined,
      done: (file, size) => told.push(`done ${file} ${size}`),
      end: () => told.push('end'),
    },
  };
}
