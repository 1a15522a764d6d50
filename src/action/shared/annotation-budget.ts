/** A runner keeps ten annotations of each kind and step; ten in all are what a reader takes in. */
const MOST = 10;
/** Warnings come first, and must leave room for what went wrong. */
const MOST_WARNINGS = 5;

/** Counts the annotations of a step. The last one is kept for the failure of the step itself. */
export class AnnotationBudget {
  #warnings = 0;
  #errors = 0;

  /** Whether a warning or notice may become an annotation. Then it counts. */
  warning(): boolean {
    if (this.#warnings >= MOST_WARNINGS) return false;
    this.#warnings += 1;
    return true;
  }

  /** The same for an error about a part of the run. */
  error(): boolean {
    if (this.#warnings + this.#errors >= MOST - 1) return false;
    this.#errors += 1;
    return true;
  }
}
