/** Measures two things in pairs of fresh processes. The order alternates. */
export async function inTurns<Name extends string>(
  names: readonly [Name, Name],
  pairs: number,
  measure: (name: Name) => Promise<number>,
): Promise<Record<Name, number[]>> {
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let pair = 0; pair < pairs; pair++) {
    for (const name of pair % 2 === 0 ? names : [...names].reverse()) {
      figures[name].push(await measure(name));
    }
  }
  return figures;
}
