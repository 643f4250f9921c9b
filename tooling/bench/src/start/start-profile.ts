import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from '../report.ts';

/** As much of V8's profile of the processor as is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const rowCount = 14;

/** The main rows of the profile that `--cpu-prof` left in a directory: whose code ran for how long. */
export async function profileTable(directory: string): Promise<Table> {
  const [profile] = (await jsonFiles(directory, '.cpuprofile')) as CpuProfile[];
  if (profile === undefined) throw new Error(`No profile in ${directory}`);
  const { nodes, samples, timeDeltas } = profile;
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOfFrame(callFrame)]));
  const sums = new Map<string, number>();
  samples.forEach((id, i) => {
    addTo(sums, owners.get(id) ?? '', (timeDeltas[i] ?? 0) / 1000);
  });
  const rows = largestOf(sums).map(([name, ms]) => [name, ms.toFixed(0)]);
  return { title: 'Where one start and stop spends its time, profiled', columns: ['', 'ms'], rows };
}

/** The files of JavaScript that a process had loaded when it ended, from V8's coverage of it in a directory. */
export async function loadedTable(directory: string): Promise<Table> {
  const coverages = (await jsonFiles(directory, '.json')) as { readonly result: readonly { readonly url: string }[] }[];
  // The server's, and that of the process which it has a look at the metadata.
  const [files = []] = coverages
    .map(({ result }) => result.filter(({ url }) => url.startsWith('file:')))
    .sort((one, other) => other.length - one.length);
  const sums = new Map<string, number>();
  for (const { url } of files) addTo(sums, ownerOfUrl(url), 1);
  const rows = largestOf(sums).map(([name, count]) => [name, count]);
  return { title: 'Files of JavaScript loaded', columns: ['', 'files'], rows: [['all', files.length], ...rows] };
}

async function jsonFiles(directory: string, ending: string): Promise<unknown[]> {
  const names = (await readdir(directory)).filter((each) => each.endsWith(ending));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as unknown));
}

function ownerOfFrame({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native code of Node';
  return ownerOfUrl(url);
}

/** The package that a file is of, or the part of Node. */
function ownerOfUrl(url: string): string {
  if (/^node:internal\/(?:modules|vm)/.test(url)) return 'modules of Node: finding, reading, compiling';
  if (url.startsWith('node:')) return 'other JavaScript of Node';
  return /.*\/(?:node_modules|packages|apps)\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? url;
}

function addTo(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

function largestOf(sums: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...sums].sort(([, one], [, other]) => other - one).slice(0, rowCount);
}
