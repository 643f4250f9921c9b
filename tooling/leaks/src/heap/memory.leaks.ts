import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { piecesOf } from '../search/collected.ts';
import { SecretSearch } from '../search/secret-search.ts';
import type { Secret } from '../search/secret.ts';
import { countFound, type Found } from './count-found.ts';
import { InspectedServer } from './inspected-server.ts';
import { memoryUnreadable, processMemory } from './process-memory.ts';
import { sendTraffic } from './traffic.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-memory-'));
const server = new InspectedServer(folder);
const timeout = 300_000;

/**
 * Root key, global keys and the checksum keys derived from them: secrets that a running server needs all the time. The
 * search must find these, which shows that it works.
 */
const lasting = /parseRootKey|openStoredKey|freshGlobalKey|readOrCreateRootKeyFile|derivePurposeKey/;

let search: SecretSearch;

beforeAll(async () => {
  const { origin, keyId, key } = await server.ready();
  const sent = await sendTraffic(origin, keyId, key);
  const path: Secret = { origin: 'control', bytes: Buffer.from(join(folder, 'data')) };
  const made = server
    .secrets()
    .map((secret) => (lasting.test(secret.origin) ? { ...secret, origin: 'control' } : secret));
  // A secret that a client sent gets the client's name for it, which says more than the place at which the server
  // received it.
  const unique = new Map(
    [path, ...sent, ...made].reverse().map((one) => [Buffer.from(one.bytes).toString('hex'), one]),
  );
  search = new SecretSearch([...unique.values()].filter(({ bytes }) => bytes.length >= 12));
  await server.command({ do: 'collect garbage' });
}, timeout);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function expectOnlyControl(file: string): Promise<void> {
  const { control, ...others }: Found = await countFound(search, piecesOf(file, search.longestForm));
  expect(others).toEqual({});
  expect(control?.places).toBeGreaterThan(0);
}

describe('a server whose clients are idle, with their connections open', () => {
  it.skipIf(memoryUnreadable !== undefined)(
    'has garbage in its memory that was not used again yet',
    async () => {
      const found = await countFound(search, processMemory(server.pid, search.longestForm));
      console.log('memory of the process, reachable or not:', found);
      expect(found['control']?.places).toBeGreaterThan(0);
    },
    timeout,
  );

  it(
    'holds no secret in a string that can be reached',
    async () => {
      const file = join(folder, 'heap.heapsnapshot');
      await server.command({ do: 'write snapshot', file });
      await expectOnlyControl(file);
    },
    timeout,
  );

  it(
    'holds no secret in a buffer that can be reached',
    async () => {
      const file = join(folder, 'buffers');
      await server.command({ do: 'write buffers', file });
      await expectOnlyControl(file);
    },
    timeout,
  );
});
