import type * as core from '@actions/core';
import type { Log } from '../../core/ports.js';
import { printable, printableLines } from '../../core/text/printable.js';
import type { AnnotationBudget } from './annotation-budget.js';

export type Toolkit = Pick<typeof core, 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'startGroup' | 'endGroup'>;

/**
 * The log of a step. Whatever comes is made safe to print; what may not become an annotation any more is a plain line.
 * Runners do not nest groups, so a group inside another is a heading.
 */
export class ActionLog implements Log {
  readonly #toolkit: Toolkit;
  readonly #budget: AnnotationBudget;
  #grouped = false;

  constructor(toolkit: Toolkit, budget: AnnotationBudget) {
    this.#toolkit = toolkit;
    this.#budget = budget;
  }

  debug(message: string): void {
    this.#toolkit.debug(printableLines(message));
  }

  info(message: string): void {
    this.#toolkit.info(printableLines(message));
  }

  notice(message: string): void {
    if (this.#budget.warning()) this.#toolkit.notice(printableLines(message));
    else this.info(`Notice: ${message}`);
  }

  warning(message: string): void {
    if (this.#budget.warning()) this.#toolkit.warning(printableLines(message));
    else this.info(`Warning: ${message}`);
  }

  error(message: string): void {
    this.errorAbout(undefined, message);
  }

  /** An error that the runner shows beside `file`, a path below the workspace. */
  errorAbout(file: string | undefined, message: string): void {
    if (!this.#budget.error()) this.info(`Error: ${message}`);
    else this.#toolkit.error(printableLines(message), file === undefined ? {} : { file: printable(file) });
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    if (this.#grouped) {
      this.info(title);
      return work();
    }
    this.#grouped = true;
    this.#toolkit.startGroup(printable(title));
    try {
      return await work();
    } finally {
      this.#toolkit.endGroup();
      this.#grouped = false;
    }
  }
}
