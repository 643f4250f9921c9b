import { median } from '../measure.ts';
import type { Table } from '../report.ts';
import { largeBody, type Load, type Payload } from './load.ts';
import { peakMemory, processorSeconds } from './process-figures.ts';
import { runWrk, type WrkOutcome } from './wrk.ts';

/** What a server did under a load. */
export interface Outcome extends WrkOutcome {
  /** The most that was resident until then, in MiB. */
  readonly memory: number;
  /** Of the server, in seconds of processor time per second. */
  readonly processors: number;
}

interface LoadRun {
  readonly load: Load;
  readonly connections: number;
  /** Twice as many for large files. */
  readonly seconds: number;
  /** Where the load's description is written. */
  readonly directory: string;
}

/** How long a load lasts: twice as long for large files. */
export function loadSeconds({ bytes }: Pick<Payload, 'bytes'>, seconds: number): number {
  return bytes.length < largeBody ? seconds : 2 * seconds;
}

/** Puts a server under a load of files like `payload`. */
export async function measureLoad(
  { url, pid }: { readonly url: string; readonly pid: number },
  payload: Payload,
  run: LoadRun,
): Promise<Outcome> {
  const seconds = loadSeconds(payload, run.seconds);
  const before = await processorSeconds(pid);
  const outcome = await runWrk({ ...run, url, seconds });
  const processors = ((await processorSeconds(pid)) - before) / seconds;
  return { ...outcome, memory: await peakMemory(pid), processors };
}

/**
 * Bytes of file content per second. Counted by requests for small files, whose heads would distort the bytes on the
 * wire; and by bytes on the wire for large ones, which may be unfinished when the time is over.
 */
export function bytesPerSecond(outcome: WrkOutcome, size: number): number {
  return size < largeBody ? outcome.requestsPerSecond * size : outcome.bytesPerSecond;
}

/** Milliseconds of the server's processor time for one request, in all its processes and threads. */
export function processorTime(outcome: Outcome, size: number): number {
  return (outcome.processors / bytesPerSecond(outcome, size)) * size * 1000;
}

/** A row for each contestant, of the medians of its runs. */
export function outcomeTable(
  title: string,
  size: number,
  outcomes: Readonly<Record<string, readonly Outcome[]>>,
): Table {
  const rows = Object.entries(outcomes).map(([name, runs]) => {
    const middle = (figure: (run: Outcome) => number | null) => {
      const values = runs.map(figure).filter((value) => value !== null);
      return values.length === 0 ? null : median(values);
    };
    const shown = (value: number | null, digits: number) => value?.toFixed(digits) ?? '-';
    return [
      name,
      shown(
        middle((run) => bytesPerSecond(run, size) / size),
        1,
      ),
      shown(
        middle((run) => bytesPerSecond(run, size) / 1e6),
        1,
      ),
      shown(
        middle(({ p50 }) => p50),
        1,
      ),
      shown(
        middle(({ p99 }) => p99),
        1,
      ),
      shown(
        middle((run) => processorTime(run, size)),
        2,
      ),
      shown(
        middle(({ memory }) => memory),
        0,
      ),
    ];
  });
  return { title, columns: ['', 'requests/s', 'MB/s', 'p50 ms', 'p99 ms', 'CPU ms/request', 'memory MiB'], rows };
}
