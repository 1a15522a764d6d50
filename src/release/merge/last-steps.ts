/**
 * What a publisher that was told to stop still owes the others, as pure decisions. One that has not written leaves at
 * once. One that has brings the write to its answer, sees what came of it, and writes once more only if the tag lost what
 * an answered write had put there; it does not settle, and it begins nothing. docs/decisions/0012 tells the whole.
 */
import type { MergeState, Move } from './merge-state.js';

/** The state to go on from once told to stop: nothing is waited for, and no journal is read. */
export function hurry(state: MergeState): MergeState {
  const rules = { ...state.rules, hold: 0, journaled: false };
  return { ...state, rules, phase: state.unread ? 'read-tag' : 'decide', waitFor: 0 };
}

/** Whether a publisher that is leaving still makes this move. */
export function isOwed(move: Move, { unread, written, failures }: MergeState): boolean {
  switch (move.kind) {
    case 'read-tag':
      return unread;
    case 'write':
      return written.length > 0 && failures === 0;
    case 'read-journal':
    case 'wait':
      return false;
    default:
      return true;
  }
}
