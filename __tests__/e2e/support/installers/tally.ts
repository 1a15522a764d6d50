import { STRICTER } from './stricter.js';
import { isTold } from './told.js';
import type { Trial } from './trial.js';

const JUDGES = ['pip', 'uv'] as const;

/** What came out of many trials. */
export class Tally {
  readonly #disagreements: string[] = [];
  #told = 0;
  readonly #stricter = new Map<string, { count: number; readonly example: string; readonly why: string | undefined }>();
  readonly #counts = { accepted: 0, refused: 0, pip: { took: 0, refused: 0 }, uv: { took: 0, refused: 0 } };

  /** @param told which file that was, so that it can be made again */
  add({ ours, warnings, verdicts, kept }: Trial, told: string): void {
    this.#counts[ours.length === 0 ? 'accepted' : 'refused'] += 1;
    const refusals = verdicts.flatMap(({ by, on, refusal }) => (refusal === undefined ? [] : [{ by, on, refusal }]));
    for (const judge of JUDGES) {
      this.#counts[judge][refusals.some(({ by }) => by === judge) ? 'refused' : 'took'] += 1;
    }
    const untold = refusals.filter((refusal) => !isTold(refusal, warnings));
    if (ours.length === 0 && refusals.length > untold.length) this.#told += 1;
    if (ours.length === 0 && untold.length > 0) {
      const texts = untold.map(({ by, on, refusal }) => `${by}, asked to ${on}: ${gist(refusal)}`);
      this.#disagreements.push([kept === undefined ? told : `${told}, kept as ${kept}`, ...texts].join('\n  '));
    }
    if (ours.length > 0 && refusals.length === 0) {
      // One fault brings others with it, as a line that hides the fields behind it: the file is explained by any of them.
      const known = ours.filter((reason) => STRICTER.some(({ says }) => says.test(reason)));
      for (const reason of known.length > 0 ? known : ours) this.#addStricter(reason, told);
    }
  }

  #addStricter(reason: string, told: string): void {
    const listed = STRICTER.find(({ says }) => says.test(reason));
    const key = listed ? String(listed.says) : normalized(reason);
    const { count } = this.#stricter.get(key) ?? { count: 0 };
    this.#stricter.set(key, { count: count + 1, example: `${told}: ${reason}`, why: listed?.why });
  }

  /** Files that we publish and an installer refuses: each with seed, place and words. */
  get disagreements(): readonly string[] {
    return this.#disagreements;
  }

  /** Files that we refuse and both installers take, for a reason that is not in the list of those we know of. */
  get unexplained(): readonly string[] {
    return [...this.#stricter.values()].filter(({ why }) => why === undefined).map(({ example }) => example);
  }

  get counts() {
    return this.#counts;
  }

  /** Lines for people: who took and refused how many, and what we alone refuse. */
  toString(): string {
    const { accepted, refused, ...judges } = this.#counts;
    const each = JUDGES.map((judge) => `${judge} took ${judges[judge].took} and refused ${judges[judge].refused}`);
    const rows = [...this.#stricter.values()].sort((a, b) => b.count - a.count);
    const table = rows.map(
      ({ count, example, why }) => `  ${count} refused by us alone: ${why ?? 'NOT LISTED'} (${example})`,
    );
    return [`we took ${accepted} (${this.#told} told) and refused ${refused}, ${each.join(', ')}`, ...table].join('\n');
  }
}

/** The words of an installer that tell why, without those that tell how far it got. */
function gist(refusal: string): string {
  const lines = refusal.split('\n').map((line) => line.trimEnd());
  const from = lines.findIndex((line) => /error|warning|invalid|discarding/i.test(line));
  const crash = refusal.includes('Traceback');
  const telling = lines.slice(Math.max(0, from)).filter((line) => line.trim() !== '' && !(crash && /^\s/.test(line)));
  return (telling.length > 14 ? [...telling.slice(0, 2), '…', ...telling.slice(-10)] : telling).join('\n    ');
}

function normalized(reason: string): string {
  return reason.replace(/"(?:[^"\\]|\\.)*"/g, '"…"').replace(/\d+/g, 'N');
}
