/** A name and its value, both of them as they are typed. */
export type Pair = readonly [name: string, value: string];

/** The name that stands more than once, if there is one. */
export function repeatedName(pairs: readonly Pair[]): string | undefined {
  const names = pairs.map(([name]) => name);
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** Rows in which nothing was entered are left out. */
export function filledPairs(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.filter(([name, value]) => name !== '' || value !== '');
}

/** The pairs as an object. Of a name that stands more than once, the last value. */
export function infoOf(pairs: readonly Pair[]): Readonly<Record<string, string>> {
  return Object.fromEntries(filledPairs(pairs));
}
