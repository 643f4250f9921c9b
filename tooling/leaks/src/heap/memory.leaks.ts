import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piecesOf, type OutputPiece } from '../search/collected.ts';
import { SecretSearch } from '../search/secret-search.ts';
import { isSearchable, type Secret } from '../search/secret.ts';
import { InspectedServer } from './inspected-server.ts';
import { memoryUnreadable, processMemory } from './process-memory.ts';
import { sendTraffic } from './traffic.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-memory-'));
const server = new InspectedServer(folder);

/** Root key and global keys: what a server that runs can not do without. */
const lasting = /parseRootKey|openStoredKey|freshGlobalKey|readOrCreateRootKeyFile/;

let secrets: readonly Secret[] = [];

beforeAll(async () => {
  const { origin, keyId, key } = await server.ready();
  const sent = await sendTraffic(origin, keyId, key);
  secrets = [...sent, ...server.secrets().filter((secret) => !lasting.test(secret.origin))].filter(isSearchable);
  await server.command({ do: 'collect garbage' });
}, 120_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** How often a secret was found, by where it came into being and by form. */
async function counted(pieces: Iterable<OutputPiece> | AsyncIterable<OutputPiece>): Promise<Record<string, number>> {
  const search = new SecretSearch([
    ...new Map(secrets.map((one) => [Buffer.from(one.bytes).toString('hex'), one])).values(),
  ]);
  const counts: Record<string, number> = {};
  for await (const { bytes } of pieces) {
    for (const { form, secret } of search.find(bytes)) {
      const key = `${secret.origin.replace(/ \d+$/, '')}: ${form}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
  }
  return counts;
}

describe('a server whose clients are idle', () => {
  it.skipIf(memoryUnreadable !== undefined)(
    'has garbage in its memory that was not used again yet',
    async () => {
      console.log('secrets', secrets.length, 'memory', await counted(processMemory(server.pid, 4096)));
    },
    300_000,
  );

  it('holds no secret in a string that can be reached', async () => {
    const file = join(folder, 'heap.heapsnapshot');
    await server.command({ do: 'write snapshot', file });
    expect(await counted(piecesOf(file, 4096))).toEqual({});
  }, 300_000);

  it('holds no secret in a buffer that can be reached', async () => {
    const file = join(folder, 'buffers');
    await server.command({ do: 'write buffers', file });
    expect(await counted(piecesOf(file, 4096))).toEqual({});
  }, 300_000);
});
