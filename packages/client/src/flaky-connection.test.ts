import { fc } from '@fast-check/vitest';
import type { BucketId } from '@coffer/b2-schema';
import { attach } from '@coffer/http/node';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sseC } from './encryption/file-encryption.ts';
import { createClient, type Client } from './create-client.ts';
import { caught } from '../test/caught.ts';
import { flakyProxy, listen, proxyFaults, type FlakyProxy, type ProxyFault } from '../test/flaky-proxy.ts';
import { memoryServer } from '../test/memory-server.ts';

const pattern = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
const operationOf = ({ url = '' }: IncomingMessage) => /^\/(?:b2api\/v\d\/)?(\w+)/.exec(url)?.[1] ?? '';

let proxy: FlakyProxy;
let server: Server;
let client: Client;
let bucketId: BucketId;

beforeAll(async () => {
  server = createServer();
  const upstream = new URL(await listen(server));
  proxy = await flakyProxy(Number(upstream.port));
  const memory = await memoryServer({ allowInsecureCustomerKeys: true }, proxy.url);
  attach(server, memory.handler);
  const { keyId, key, timing, url } = memory;
  proxy.onDelay = () => {
    timing.endTimers();
  };
  client = createClient({
    keyId,
    key,
    timing,
    url,
    timeoutMs: 1000,
    allowCustomerKeysOverHttp: true,
    retry: { attempts: 4 },
  });
  bucketId = (await client.api.createBucket({ bucketName: 'my-bucket', bucketType: 'allPrivate' })).bucketId;
});

beforeEach(() => {
  proxy.faultOf = () => undefined;
});

afterAll(() => {
  client.close();
  proxy.close();
  server.closeAllConnections();
  server.close();
});

/** Lets the first request for the operation meet the fault. */
function once(operation: string, fault: ProxyFault): () => number {
  let met = 0;
  proxy.faultOf = (request) => (operationOf(request) === operation && met++ === 0 ? fault : undefined);
  return () => met;
}

const key = sseC(new Uint8Array(32).fill(9), { id: 'nine' });

describe.each(proxyFaults)('over a connection with the fault: %s', (fault) => {
  it.each(['b2_list_file_names', 'b2_get_upload_url', 'b2_upload_file', 'file'])('%s works', async (operation) => {
    const data = pattern(2000);
    const { upload, list, download } = client;
    const times = once(operation, fault);
    const fileName = `small ${operation}`;
    // Two at a time, so that at least one of them has to ask for an upload URL.
    await Promise.all([
      upload({ bucketId, fileName, data, partSize: 3000, encryption: key }),
      upload({ bucketId, fileName, data, partSize: 3000, encryption: key }),
    ]);
    const names: string[] = [];
    for await (const row of list.fileNames({ bucketId, prefix: fileName })) names.push(row.fileName);
    expect(names).toEqual([fileName]);
    const content = await download({ bucketName: 'my-bucket', fileName, encryption: key });
    expect(await content.bytes()).toEqual(data);
    if (operation !== 'b2_get_upload_url') expect(times()).toBeGreaterThan(0);
  });

  it.each(['b2_start_large_file', 'b2_upload_part', 'b2_finish_large_file', 'b2_get_upload_part_url'])(
    '%s works',
    async (operation) => {
      const data = pattern(2500);
      const fileName = `large ${operation}`;
      const times = once(operation, fault);
      const { fileId } = await client.upload({ bucketId, fileName, data, partSize: 1000 });
      expect(times()).toBeGreaterThan(0);
      once('b2_download_file_by_id', fault);
      const content = await client.download({ fileId });
      expect(await content.bytes()).toEqual(data);
    },
  );
});

it('stores and gives back the right bytes over a connection on which everything goes wrong now and then', async () => {
  const schedule = fc.array(fc.option(fc.constantFrom(...proxyFaults), { nil: undefined, freq: 3 }), {
    minLength: 60,
    maxLength: 60,
  });
  for (const faults of fc.sample(schedule, { seed: 7, numRuns: 5 })) {
    const left = [...faults];
    // No more than two in a row, so that four attempts are enough.
    let row = 0;
    proxy.faultOf = () => {
      const fault = left.shift();
      row = fault === undefined ? 0 : row + 1;
      return row > 2 ? undefined : fault;
    };
    const data = pattern(3500);
    const { fileId } = await client.upload({ bucketId, fileName: 'chaos', data, partSize: 1000, parallel: 1 });
    expect(await (await client.download({ fileId })).bytes()).toEqual(data);
  }
});

it('says of a deletion whose answer was lost that it may have been done', async () => {
  const { fileId, fileName } = await client.upload({ bucketId, fileName: 'gone', data: pattern(5) });
  once('b2_delete_file_version', 'lose answer');
  const error = await caught(client.api.deleteFileVersion({ fileId, fileName }));
  expect(error).toMatchObject({ code: 'file_not_present', mayHaveBeenDone: true, attempts: 2 });
});

it('ends an upload that is aborted while it is sent', async () => {
  const stop = new AbortController();
  proxy.faultOf = (request) => {
    if (operationOf(request) !== 'b2_upload_file') return undefined;
    stop.abort(new Error('enough'));
    return 'lose answer';
  };
  const upload = client.upload({ bucketId, fileName: 'a', data: pattern(100), partSize: 1000, signal: stop.signal });
  await expect(upload).rejects.toThrow('enough');
});
