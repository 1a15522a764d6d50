/**
 * What a publisher that was told to stop still owes the others, as pure decisions. Whoever has not written leaves at
 * once. Whoever has brings the write to its answer, sees what came of it, and writes once more only if the tag lost what
 * an answered write had put there; nobody settles, and nobody begins.
 */
import { PublishError } from '../../core/errors.js';
import type { Action, MergeState } from './merge.js';

/** The state to go on from. `unread`: a write was sent and the tag has not been read since. */
export function hurried(state: MergeState, unread: boolean): MergeState {
  const rules = { ...state.rules, hold: 0, journaled: false };
  return { ...state, rules, phase: unread ? 'read-tag' : 'decide', waitFor: 0 };
}

/** Whether this is among the last steps of a publisher whose state is `hurried`. */
export function isLastStep(action: Action, state: MergeState, unread: boolean): boolean {
  switch (action.kind) {
    case 'read-tag':
      return unread;
    case 'write':
      return state.written.length > 0 && state.failures === 0;
    case 'read-journal':
    case 'wait':
      return false;
    default:
      return true;
  }
}

/** A write of the tag was sent, and there was no time to see what came of it. */
export class UnconfirmedError extends PublishError {
  override readonly name = 'UnconfirmedError';

  constructor(image: string) {
    super(`Cannot tell what became of ${image}: its index was sent, and there was no time to read it back`, {
      hint: 'run again: what is listed already is found unchanged, and the rest is completed',
    });
  }
}
