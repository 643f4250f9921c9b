import type { GcTotals } from './gc-trace.ts';

/** What was measured of one load. */
export interface GcFigures {
  /** Bytes per second. */
  readonly rate: number;
  /** Bytes that went over the sockets, in 10^9. */
  readonly gigabytes: number;
  /** How long the load was. */
  readonly ms: number;
  readonly totals: GcTotals;
}

/** Longest reason that is shown whole. */
const reasonLength = 24;

/** A row of the table. */
export function gcRow(name: string, { rate, gigabytes, ms, totals }: GcFigures): readonly string[] {
  const { markCompact, scavenge, mainReason } = totals;
  const kind = ({ count, pause }: GcTotals['scavenge']) => [
    String(count),
    (count / gigabytes).toFixed(1),
    (pause / gigabytes).toFixed(1),
  ];
  const share = (100 * (markCompact.pause + scavenge.pause)) / ms;
  return [
    name,
    (rate / 1e6).toFixed(0),
    gigabytes.toFixed(1),
    ...kind(markCompact),
    ...kind(scavenge),
    share.toFixed(1),
    shortReason(mainReason),
  ];
}

/** The part that says why, without how the collection ended: the one behind the last semicolon. */
export function shortReason(reason: string): string {
  const why = reason.slice(reason.lastIndexOf(';') + 1).trim();
  return why.length <= reasonLength ? why : `${why.slice(0, reasonLength - 1)}…`;
}
