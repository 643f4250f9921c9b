import { groupOf } from './profile-groups.ts';

/** Shares of the processor's time by what it was spent for; they add up to at most 1. */
export type Shares = ReadonlyMap<string, number>;

const row = /^\s*([0-9.]+)%\s*\t\s*(.*?)\s*\t\s*(?:\[[.a-zA-Z]\]\s+)?(.*?)\s*$/;

/** Sums up by groups what `perf report --stdio --sort dso,sym -t <tab>` prints. @throws Error without any row. */
export function sharesOfReport(text: string): Shares {
  const shares = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, percent, object, symbol] = row.exec(line) ?? [];
    if (percent === undefined || object === undefined || symbol === undefined) continue;
    const group = groupOf({ object, symbol });
    shares.set(group, (shares.get(group) ?? 0) + Number(percent) / 100);
  }
  if (shares.size === 0) throw new Error('There is no row in the report of perf');
  return shares;
}
