import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measureRounds, median, medianRatio, type Contestant } from '../measure.ts';
import type { BenchmarkResult, Ratio } from '../report.ts';
import type { ShapeName } from './bucket-shapes.ts';
import { loadStore, type LoadedStore } from './loaded-store.ts';
import { askPage, pageQueries, type PageQuery } from './page-queries.ts';

export interface ListingsOptions {
  /** Versions in each large bucket. */
  readonly versions: number;
  /** The buckets to make. */
  readonly shapes: readonly ShapeName[];
  readonly rounds: number;
  /** Where the stores are made, in a folder that is removed afterwards. */
  readonly directory: string;
}

/** Versions in each small bucket. */
const smallCount = 1_000;
/** Rows that a contestant lists in one round. */
const rowsPerRound = 10_000;

/** What a page of a listing costs in buckets of many versions, against the same page in buckets of a thousand. */
export async function listingsBenchmark({
  versions,
  shapes,
  rounds,
  directory,
}: ListingsOptions): Promise<BenchmarkResult> {
  const place = await mkdtemp(join(directory, 'coffer-listings-'));
  const stores: LoadedStore[] = [];
  try {
    const small = await loadStore(join(place, 'small'), smallCount, shapes);
    stores.push(small);
    const large = await loadStore(join(place, 'large'), versions, shapes);
    stores.push(large);
    return await compare(small, large, rounds);
  } finally {
    for (const store of stores) await store.close();
    await rm(place, { recursive: true });
  }
}

async function compare(small: LoadedStore, large: LoadedStore, rounds: number): Promise<BenchmarkResult> {
  const rows: (string | number)[][] = [];
  const ratios: Ratio[] = [];
  for (const query of pageQueries.filter((one) => isAsked(one, large))) {
    const contestants = { small: pagesOf(small, query), large: pagesOf(large, query) };
    const rates = await measureRounds(contestants, rounds);
    const name = `${query.kind}, ${query.title}, ${query.limit} rows`;
    rows.push([name, Math.round(median(rates.small)), Math.round(median(rates.large))]);
    ratios.push({ name, value: medianRatio(rates.large, rates.small), aim: { atLeast: 0.8 } });
  }
  const title = 'Pages per second';
  const columns = ['', `of ${small.count.toLocaleString('en')}`, `of ${large.count.toLocaleString('en')}`];
  return { tables: [{ title, columns, rows }], ratios, notes: notesOn(large, rounds) };
}

function isAsked({ needs = 0, shape }: PageQuery, { count, bucketIds }: LoadedStore): boolean {
  return count >= needs && bucketIds[shape] !== undefined;
}

function pagesOf(store: LoadedStore, query: PageQuery): Contestant {
  const pages = Math.max(1, Math.round(rowsPerRound / query.limit));
  let asked = 0;
  return async () => {
    for (let i = 0; i < pages; i++) await askPage(store, query, asked++);
    return pages;
  };
}

function notesOn({ versions, loadSeconds }: LoadedStore, rounds: number): string[] {
  return [
    `Each figure is the median of ${rounds} rounds. Every page is full. A bucket of "1,000 versions per name" has ` +
      'one each in the small store.',
    `The larger store holds ${versions.toLocaleString('en')} versions in all its buckets, loaded in ` +
      `${Math.round(loadSeconds)} seconds.`,
  ];
}
