import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startCoffer, type CofferOptions, type CofferProcess } from '../server/coffer-process.ts';
import { HttpClient } from '../server/http-client.ts';

/** What `use` makes of a fresh server with an empty data directory, which is removed afterwards. */
export async function withServer<T>(
  place: string,
  options: CofferOptions,
  use: (server: CofferProcess, client: HttpClient) => Promise<T>,
): Promise<T> {
  const directory = join(place, 'server');
  await mkdir(directory);
  try {
    const server = await startCoffer(directory, options);
    const client = new HttpClient(server.url, server.certificate);
    try {
      return await use(server, client);
    } finally {
      client.close();
      await server.close();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}
