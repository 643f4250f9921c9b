import type { Table } from '../report.ts';
import type { Spent } from './profiler.ts';

/** One contestant: its rate, and where its time went. */
interface ProfiledLoad {
  readonly name: string;
  /** Bytes per second. */
  readonly rate: number;
  readonly spent: Spent;
}

const rowCount = 8;
const rest = 'everything else';

/**
 * The rates of one run against each other, and beside them what each contestant's processor time went into: the main
 * rows in milliseconds for one request.
 *
 * @param size Bytes of a request.
 * @param bases Names of contestants that the others are divided by.
 */
export function profileTable(
  title: string,
  size: number,
  loads: readonly ProfiledLoad[],
  bases: readonly string[],
): Table {
  const ratios = bases.map((base) => {
    const rate = loads.find(({ name }) => name === base)?.rate ?? Number.NaN;
    return [`rate / ${base}`, ...loads.map((load) => (load.name === base ? '1' : (load.rate / rate).toFixed(2)))];
  });
  const columns = loads.map((load) => ({ ms: millisecondsOf(load, size) }));
  const main = mainGroups(columns.map(({ ms }) => ms));
  const rows = main.map((group) => [group, ...columns.map(({ ms }) => shown(ms.get(group) ?? 0))]);
  const others = columns.map(({ ms }) =>
    sumOf([...ms].filter(([group]) => !main.includes(group)).map(([, value]) => value)),
  );
  const sums = columns.map(({ ms }) => shown(sumOf(ms.values())));
  return {
    title: `${title}: ratios, and ms of processor per request by what they were spent for`,
    columns: ['', ...loads.map(({ name }) => name)],
    rows: [...ratios, ...rows, [rest, ...others.map(shown)], ['all', ...sums]],
  };
}

function millisecondsOf({ rate, spent }: ProfiledLoad, size: number): ReadonlyMap<string, number> {
  return new Map([...spent].map(([group, seconds]) => [group, (seconds * 1000 * size) / rate]));
}

/** Those that take the most of all contestants together. */
function mainGroups(columns: readonly ReadonlyMap<string, number>[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const column of columns) for (const [group, ms] of column) sums.set(group, (sums.get(group) ?? 0) + ms);
  return [...sums]
    .sort(([, one], [, other]) => other - one)
    .slice(0, rowCount)
    .map(([group]) => group);
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function shown(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}
