import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchmarkResult } from '../report.ts';
import { requireWrk } from '../server/wrk.ts';
import type { FacesCase, FacesOptions } from './faces-options.ts';
import { compareMultipart, compareStreams } from './large-comparison.ts';
import { compareLoads } from './load-comparison.ts';

type Compare = (place: string, options: FacesOptions) => Promise<BenchmarkResult>;

const comparisons: Readonly<Record<FacesCase, Compare>> = {
  load: compareLoads,
  multipart: compareMultipart,
  stream: compareStreams,
};

/** The S3 Compatible API against the B2 Native API of the same server, with the same bytes. */
export async function facesBenchmark(options: FacesOptions): Promise<BenchmarkResult> {
  if (options.cases.includes('load')) await requireWrk();
  const place = await mkdtemp(join(options.directory, 'coffer-faces-'));
  try {
    const results: BenchmarkResult[] = [];
    for (const name of options.cases) results.push(await comparisons[name](place, options));
    return {
      tables: results.flatMap(({ tables }) => tables),
      ratios: results.flatMap(({ ratios }) => ratios),
      notes: [noteOn(options), ...results.flatMap(({ notes }) => notes)],
    };
  } finally {
    await rm(place, { recursive: true });
  }
}

function noteOn({ rounds, workers, tls }: FacesOptions): string {
  const processes = workers === 1 ? 'one process' : `${workers} workers`;
  return (
    `Medians of ${rounds} rounds, and of the rounds' ratios. Servers of ${processes}, over ${tls ? 'TLS' : 'HTTP'}, ` +
    'on the same machine as the load.'
  );
}
