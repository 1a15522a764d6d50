import type { Clock, Log, Random } from '../../core/ports.js';
import { RegistryError } from './refusal/errors.js';
import { delayBeforeRetry, type Patience } from './transport/retry.js';
import { UnansweredError } from './transport/unanswered.js';

export interface RepeaterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly patience: Patience;
}

/** Tries steps again after failures that may pass, within the budgets of the step and of the whole run. */
export class Repeater {
  readonly #options: RepeaterOptions;
  /** What was given up already, so that a step around a step does not multiply the tries. */
  readonly #final = new WeakSet<object>();
  #waited = 0;

  constructor(options: RepeaterOptions) {
    this.#options = options;
  }

  /**
   * @param work does the step; told which try it is, from 1. It must be safe to repeat.
   * @param passing failures besides the usual that another try may cure
   * @throws the last failure, or the signal's reason
   */
  async run<T>(
    work: (attempt: number) => Promise<T>,
    signal: AbortSignal,
    passing: (error: unknown) => boolean = () => false,
  ): Promise<T> {
    const { clock, random, log, patience } = this.#options;
    let waitedForStep = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(attempt);
      } catch (error) {
        if (signal.aborted || !(error instanceof Error) || this.#final.has(error)) throw error;
        if (!mayPass(error) && !passing(error)) throw error;
        const retryAfter = error instanceof RegistryError ? error.retryAfter : undefined;
        const standing = { attempt, waitedForStep, waitedInAll: this.#waited, retryAfter };
        const delay = delayBeforeRetry(standing, random(), patience);
        if (delay === undefined) {
          this.#final.add(error);
          throw error;
        }
        log.info(`${error.message}: trying again in ${seconds(delay)} (try ${attempt + 1} of ${patience.attempts})`);
        waitedForStep += delay;
        this.#waited += delay;
        await clock.sleep(delay, signal);
      }
    }
  }
}

function mayPass(error: Error): boolean {
  return (error instanceof RegistryError || error instanceof UnansweredError) && error.temporary;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
