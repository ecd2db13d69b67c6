/**
 * Finds the candidate that somebody probably meant: the same letters in another spelling (`pathRegex`), the beginning of a
 * longer one (`hc_vault`), or a few typing mistakes away.
 */
export function findSuggestion(word: string, candidates: readonly string[]): string | undefined {
  const letters = lettersOf(word);
  if (letters === '') return undefined;
  const same = candidates.find((candidate) => lettersOf(candidate) === letters);
  if (same !== undefined) return same;
  if (letters.length >= 3) {
    const longer = candidates.find((candidate) => lettersOf(candidate).startsWith(letters));
    if (longer !== undefined) return longer;
  }
  let best: string | undefined;
  let bestDistance = Math.floor((Math.min(letters.length, 12) + 1) / 4) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(letters, lettersOf(candidate), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Insertions, deletions, substitutions and swaps of neighbours (Damerau's restricted distance); `limit` when it is more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(substituted, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, at(beforeLast, j - 2) + 1);
      }
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(at(last, b.length), limit);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
