import { describe, expect, it } from 'vitest';
import { parseGcLine, parseGcTrace, totalsBetween } from './gc-trace.ts';

/** As Node 20 and Node 22 write them. */
const scavenge =
  '[28325:0x25811ec0]     3025 ms: Scavenge 127.7 (130.8) -> 127.6 (130.8) MB, 15.17 / 0.00 ms  ' +
  '(average mu = 0.994, current mu = 0.997) external memory pressure; ';
const full =
  '[28325:0x25811ec0]     3369 ms: Mark-Compact 128.1 (130.8) -> 127.7 (130.8) MB, 19.03 / 0.02 ms  ' +
  '(+ 2.5 ms in 11 steps since start of marking, biggest step 1.0 ms, walltime since start of marking 276 ms) ' +
  '(average mu = 0.978, current mu = 0.947) finalize incremental marking via task; GC in old space requested';
const reducing =
  '[7:0x6a0]       40 ms: Mark-Compact (reduce) 4.0 (5.5) -> 3.9 (5.0) MB, pooled: 0.0 MB, 1.25 / 0.00 ms  ' +
  '(average mu = 1.000, current mu = 1.000) testing; GC in old space requested';

describe('lines of --trace-gc', () => {
  it('are read with their kind, pause and reason', () => {
    expect(parseGcLine(scavenge)).toEqual({
      heap: '28325:0x25811ec0',
      at: 3025,
      kind: 'scavenge',
      pause: 15.17,
      reason: 'external memory pressure',
    });
    expect(parseGcLine(reducing)).toMatchObject({ heap: '7:0x6a0', at: 40, kind: 'mark-compact', pause: 1.25 });
  });

  it('count marking in steps as a pause', () => {
    expect(parseGcLine(full)).toMatchObject({
      kind: 'mark-compact',
      pause: 21.53,
      reason: 'finalize incremental marking via task; GC in old space requested',
    });
  });

  it('are told from everything else that a server writes', () => {
    for (const line of ['', '  HTTP  http://127.0.0.1:1234', '[1] 40 ms: Scavenge', scavenge.slice(0, 60)])
      expect(parseGcLine(line)).toBeUndefined();
    expect(parseGcTrace(`Coffer\n${scavenge}\n\n${full}\n`)).toHaveLength(2);
  });
});

describe('totals of a time', () => {
  it('have what ended in it, and the reason of most full collections', () => {
    const collections = parseGcTrace([reducing, scavenge, full, full].join('\n'));
    expect(totalsBetween(collections, 41, 3369)).toEqual({
      markCompact: { count: 0, pause: 0 },
      scavenge: { count: 1, pause: 15.17 },
      mainReason: '',
    });
    const all = totalsBetween(collections, 0, 10_000);
    expect(all.markCompact).toEqual({ count: 3, pause: 21.53 + 21.53 + 1.25 });
    expect(all.mainReason).toBe('finalize incremental marking via task; GC in old space requested');
  });
});
