/** What a commit that was acknowledged read and wrote: names of keys. */
export interface AcknowledgedCommit {
  /** Positive; it is also the record that the commit wrote. */
  readonly id: number;
  /** Each key with the id of the commit that had written what was read; 0: the key was absent. */
  readonly reads: readonly (readonly [string, number])[];
  /** Each of these keys was read as well. */
  readonly writes: readonly string[];
}

/**
 * Whether the commits could have been made one after the other, with the same reads: undefined, or what contradicts it.
 * No key may have been deleted.
 *
 * A commit comes after the one whose record it read, and before the one that replaced a record which it read. There is
 * an order if these do not form a circle.
 */
export function contradiction(commits: readonly AcknowledgedCommit[]): string | undefined {
  const known = new Set(commits.map(({ id }) => id));
  const replacing = new Map<string, number>();
  const after = new Map<number, Set<number>>(commits.map(({ id }) => [id, new Set<number>()]));
  for (const { id, reads, writes } of commits) {
    for (const [key, from] of reads) {
      if (from !== 0 && !known.has(from)) return `${id} read ${key} as ${from}, which was not acknowledged`;
      if (!writes.includes(key)) continue;
      const place = `${key} ${from}`;
      const other = replacing.get(place);
      if (other !== undefined) return `${id} and ${other} both replaced ${key} of ${from}`;
      replacing.set(place, id);
    }
  }
  for (const { id, reads } of commits) {
    for (const [key, from] of reads) {
      after.get(from)?.add(id);
      const replacer = replacing.get(`${key} ${from}`);
      if (replacer !== undefined && replacer !== id) after.get(id)?.add(replacer);
    }
  }
  return circleIn(after);
}

/** Takes away what nothing comes before, until nothing is left, or only circles are. */
function circleIn(after: ReadonlyMap<number, ReadonlySet<number>>): string | undefined {
  const before = new Map<number, number>([...after.keys()].map((id) => [id, 0]));
  for (const ids of after.values()) for (const id of ids) before.set(id, (before.get(id) ?? 0) + 1);
  const free = [...before].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    before.delete(id);
    for (const later of after.get(id) ?? []) {
      const count = (before.get(later) ?? 0) - 1;
      before.set(later, count);
      if (count === 0) free.push(later);
    }
  }
  return before.size === 0 ? undefined : `no order of ${[...before.keys()].slice(0, 10).join(', ')}`;
}
