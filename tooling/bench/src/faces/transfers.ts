import type { CofferProcess } from '../server/coffer-process.ts';
import type { Encryption } from '../server/encryption.ts';
import type { HttpClient } from '../server/http-client.ts';
import { peakMemory, processorSeconds } from '../server/process-figures.ts';
import { median } from '../measure.ts';
import type { Table } from '../report.ts';
import { objectPath, S3Requests } from './s3-requests.ts';
import type { FacesOptions } from './faces-options.ts';
import { requireContent, type LargeContent } from './large-content.ts';
import { withServer } from './with-server.ts';

/** One large file that was uploaded. */
interface Transfer {
  readonly bytesPerSecond: number;
  /** Of the server, in all its processes. */
  readonly processorSeconds: number;
  /** The most that the server ever had resident, in MiB. */
  readonly memory: number;
}

export interface LargeUpload {
  readonly server: CofferProcess;
  readonly client: HttpClient;
  readonly name: string;
  readonly content: LargeContent;
  readonly encryption: Encryption;
}

/** Uploads a file as one of the contestants does. */
export type Upload = (upload: LargeUpload) => Promise<unknown>;

interface TransferPlan {
  readonly place: string;
  readonly content: LargeContent;
  readonly encryption: Encryption;
  readonly options: FacesOptions;
  /** Called once in each round. */
  readonly onRound?: () => void;
}

/** Lets contestants take turns, each time on a fresh server. What was uploaded is compared byte for byte. */
export async function runTransfers<Name extends string>(
  uploads: Readonly<Record<Name, Upload>>,
  plan: TransferPlan,
): Promise<Readonly<Record<Name, readonly Transfer[]>>> {
  const names = Object.keys(uploads) as Name[];
  const transfers = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Transfer[]>;
  for (let round = 1; round <= plan.options.rounds; round++) {
    plan.onRound?.();
    const order = round % 2 === 0 ? names.toReversed() : names;
    for (const name of order) transfers[name].push(await transfer(uploads[name], plan));
  }
  return transfers;
}

function transfer(upload: Upload, { place, content, encryption, options }: TransferPlan): Promise<Transfer> {
  return withServer(place, options, async (server, client) => {
    const before = await processorSeconds(server.pid);
    const start = performance.now();
    const name = 'large/file';
    await upload({ server, client, name, content, encryption });
    const seconds = (performance.now() - start) / 1000;
    const used = (await processorSeconds(server.pid)) - before;
    const memory = await peakMemory(server.pid);
    const get = { method: 'GET', target: objectPath(name), headers: encryption.s3.download } as const;
    await requireContent(await client.open(new S3Requests(client.host).signed(get)), content);
    return { bytesPerSecond: content.size / seconds, processorSeconds: used, memory };
  });
}

export function ratesOf(transfers: readonly Transfer[]): readonly number[] {
  return transfers.map(({ bytesPerSecond }) => bytesPerSecond);
}

/** A row for each contestant, of the medians of its rounds. */
export function transferTable(
  title: string,
  { size }: LargeContent,
  transfers: Readonly<Record<string, readonly Transfer[]>>,
): Table {
  const rows = Object.entries(transfers).map(([name, runs]) => [
    name,
    (median(ratesOf(runs)) / 1e6).toFixed(0),
    (median(runs.map(({ processorSeconds }) => processorSeconds)) / (size / 1e9)).toFixed(2),
    median(runs.map(({ memory }) => memory)).toFixed(0),
  ]);
  return { title, columns: ['', 'MB/s', 'CPU s/GB', 'peak memory MiB'], rows };
}
