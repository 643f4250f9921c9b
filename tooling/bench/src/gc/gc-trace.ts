/** One collection, from a line of V8's `--trace-gc`. */
interface Collection {
  /** Which heap: workers of a process have their own. */
  readonly heap: string;
  /** Milliseconds from the start of the heap to the end of the collection. */
  readonly at: number;
  /** A mark-compact looks at the whole heap, a scavenge at its youngest objects. */
  readonly kind: 'mark-compact' | 'scavenge';
  /** Milliseconds for which the program stood still, those of marking in steps before it included. */
  readonly pause: number;
  /** In V8's words. */
  readonly reason: string;
}

const head = /^\[(\d+:0x[0-9a-f]+)\]\s+(\d+) ms: (Scavenge|Mark-Compact|Mark-sweep)\b.*? MB, /;
const pauses = /([0-9.]+) \/ [0-9.]+ ms/;
const steps = /\(\+ ([0-9.]+) ms in [0-9]+ steps/;

/** Reads a line; undefined if it tells of no collection. */
export function parseGcLine(line: string): Collection | undefined {
  const [start, heap, at, name] = head.exec(line) ?? [];
  if (start === undefined || heap === undefined) return undefined;
  const rest = line.slice(start.length);
  const pause = pauses.exec(rest)?.[1];
  if (pause === undefined) return undefined;
  return {
    heap,
    at: Number(at),
    kind: name === 'Scavenge' ? 'scavenge' : 'mark-compact',
    pause: Number(pause) + Number(steps.exec(rest)?.[1] ?? 0),
    reason: rest
      .slice(rest.lastIndexOf(')') + 1)
      .replace(/;\s*$/, '')
      .trim(),
  };
}

/** All collections in what a process wrote to stdout. */
export function parseGcTrace(text: string): readonly Collection[] {
  return text
    .split('\n')
    .map(parseGcLine)
    .filter((each) => each !== undefined);
}

/** How many collections of one kind there were, and how long they took together. */
interface KindTotal {
  readonly count: number;
  /** Milliseconds. */
  readonly pause: number;
}

export interface GcTotals {
  readonly markCompact: KindTotal;
  readonly scavenge: KindTotal;
  /** Why most of the mark-compacts were made; empty without any. */
  readonly mainReason: string;
}

/** What was collected between two points in time, in milliseconds since the heap's start. */
export function totalsBetween(collections: readonly Collection[], from: number, to: number): GcTotals {
  const within = collections.filter(({ at }) => at >= from && at < to);
  const full = within.filter(({ kind }) => kind === 'mark-compact');
  return {
    markCompact: totalOf(full),
    scavenge: totalOf(within.filter(({ kind }) => kind === 'scavenge')),
    mainReason: mostFrequent(full.map(({ reason }) => reason)),
  };
}

function totalOf(collections: readonly Collection[]): KindTotal {
  return { count: collections.length, pause: collections.reduce((sum, { pause }) => sum + pause, 0) };
}

function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}
