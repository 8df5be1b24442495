/** Longer names are not compared, in characters. This limits the work for hostile names. */
const LONGEST_NAME = 64;

/**
 * The known name that a misspelt one most likely means, `undefined` if none is similar. At most a third of its letters
 * may differ. Letter case and separators do not matter.
 */
export function closestName<Name extends string>(name: string, known: readonly Name[]): Name | undefined {
  if (name.length > LONGEST_NAME) {
    return undefined;
  }
  const wanted = plain(name);
  let best: Name | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(wanted, plain(candidate));
    if (distance < bestDistance && distance * 3 <= Math.max(candidate.length, 3)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A name in lower case and without separators: `maxage` for `max_age` and `max-age`. */
export function plain(name: string): string {
  return name.replace(/[-_\s.]/g, '').toLowerCase();
}

/** How many letters to insert, delete, replace or swap with their neighbour to turn one text into another. */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
