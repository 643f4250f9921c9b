import { measureRounds, median, medianRatio } from '../measure.ts';
import type { BenchmarkResult } from '../report.ts';
import { chunkedBodies } from './chunked-bodies.ts';
import { signedRequests } from './signed-requests.ts';

export interface SignaturesOptions {
  /** Data of one pass through the bodies, in MiB. */
  readonly mebibytes: number;
  readonly rounds: number;
}

/** Verifying requests with a cached signing key, and decoding aws-chunked bodies, against their bare digests. */
export async function signaturesBenchmark({ mebibytes, rounds }: SignaturesOptions): Promise<BenchmarkResult> {
  const requests = await measureRounds(signedRequests(5000), rounds);
  const bodies = await measureRounds(await chunkedBodies(mebibytes * 2 ** 20), rounds);
  const rows = (rates: Readonly<Record<string, readonly number[]>>, shown: (rate: number) => number) =>
    Object.entries(rates).map(([name, values]) => [name, shown(median(values))] as const);
  const microseconds = (rate: number) => Math.round(1e7 / rate) / 10;
  return {
    tables: [
      { title: 'One request', columns: ['', 'µs'], rows: rows(requests, microseconds) },
      { title: 'Bodies', columns: ['', 'MB/s'], rows: rows(bodies, (rate) => Math.round(rate / 1e6)) },
    ],
    ratios: [
      { name: 'bare / verify', value: medianRatio(requests.verify, requests.bare), aim: null },
      { name: 'signed chunks / SHA-256', value: medianRatio(bodies['signed chunks'], bodies['SHA-256']), aim: null },
    ],
    notes: [
      `Medians of ${rounds} rounds. verify: an upload with nine headers, its signing key cached. bare: the ` +
        'SHA-256 and the HMAC that no',
      `verification can do without. Bodies: ${mebibytes} MiB in chunks of 64 KiB, which come in pieces of 64 KiB.`,
    ],
  };
}
