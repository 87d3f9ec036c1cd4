// "Did you mean": the known name that is nearest to a misspelled one.
import { type Entry, name, type Span } from '../syntax/nodes.ts';
import { type Fix, rename } from './fix.ts';

const slips = (word: string) => Math.max(1, Math.floor(word.length / 3));

/** The candidate with the fewest edits (insert, delete, replace, swap), if that is few enough to be a slip of the pen. */
export function nearest(word: string, candidates: Iterable<string>, most = slips(word)): string | undefined {
  let best: string | undefined;
  let fewest = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase(), fewest + 1);
    // of two that are as near, the one with the same letters: "porst" is "ports" rather than "port"
    if (edits < fewest || (edits === fewest && best !== undefined && letters(candidate) === letters(word))) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

const letters = (word: string) => [...word.toLowerCase()].sort().join('');

/** For names with dots: the one that ends alike counts as near too (`Compute` for `tosca.nodes.Compute`). */
export function nearestType(word: string, candidates: readonly string[]): string | undefined {
  const shortest = (test: (candidate: string) => boolean) =>
    candidates
      .filter(test)
      .reduce<string | undefined>(
        (best, each) => (best !== undefined && best.length <= each.length ? best : each),
        undefined,
      );
  return (
    shortest(candidate => candidate.endsWith(`.${word}`)) ??
    nearest(word, candidates, slips(lastPart(word))) ??
    shortest(candidate => lastPart(candidate).toLowerCase() === lastPart(word).toLowerCase())
  );
}

const lastPart = (name: string) => name.slice(name.lastIndexOf('.') + 1);

export interface Suggestion {
  readonly text: string;
  readonly fixes: readonly Fix[];
}

/** ` Did you mean "x"?` with its fix, or nothing. */
export function suggest(at: Span, found: string | undefined): Suggestion {
  return found === undefined
    ? { text: '', fixes: [] }
    : { text: ` Did you mean "${found}"?`, fixes: [rename(at, found)] };
}

/** ` Did you mean it by "x"?` with its fix, where a name is missing and another one, that nobody knows, is near to it. */
export function meantBy(
  wanted: string,
  written: readonly Entry[],
  known: (name: string) => boolean,
): Suggestion | undefined {
  const slip = written.find(entry => !known(name(entry)) && nearest(name(entry), [wanted]) !== undefined);
  return slip && { text: ` Did you mean it by "${name(slip)}"?`, fixes: [rename(slip.key, wanted)] };
}

/** Optimal string alignment distance, given up at `limit`. */
function distance(one: string, other: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        edits = Math.min(edits, (before[column - 2] ?? 0) + 1);
      }
      current.push(edits);
      least = Math.min(least, edits);
    }
    if (least >= limit) return limit;
    before = last;
    last = current;
  }
  return last[other.length] ?? limit;
}
