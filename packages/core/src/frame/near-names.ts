/**
 * Number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (Damerau 1964,
 * Levenshtein 1966; no part is edited twice).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substituted, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforePrevious[j - 2]! + 1);
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/**
 * The name that was probably meant: one that differs in case alone, else the nearest that differs in at most
 * a third of its letters (one letter at least); undefined where none is that near.
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    const distance = candidate.toLowerCase() === name.toLowerCase() ? 0.5 : editDistance(name, candidate);
    const allowed = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (distance <= allowed && distance < Math.min(name.length, candidate.length) && distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

const SHOWN = 8;

/** `a, b, c`; the first 8, and how many more there are. */
export function listNames(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return "none";
  const rest = all.length - SHOWN;
  return rest > 0 ? `${all.slice(0, SHOWN).join(", ")} and ${rest} more` : all.join(", ");
}

/** `did you mean 'b'? ` or nothing: to be put before a list of the names that exist. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? "" : `did you mean '${nearest}'? `;
}
