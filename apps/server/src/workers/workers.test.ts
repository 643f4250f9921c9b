import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { findLockHolder, lockName } from '../data/directory-lock.ts';
import { customerKeyHeaders, type Session } from '../test-support/b2-calls.ts';
import { CliServer, isReady, lives, patience } from '../test-support/cli-server.ts';
import { testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);
vi.setConfig({ testTimeout: 180_000 });

async function place(): Promise<readonly string[]> {
  return ['--data', join(await temporaryDirectory(), 'data'), '--inline-threshold', '1000'];
}

function serve(args: readonly string[], environment = {}): CliServer {
  const server = new CliServer(args, environment);
  onTestFinished(() => server.end('SIGKILL').then(() => undefined));
  return server;
}

async function twoWorkers(environment = {}): Promise<CliServer> {
  return serve(['--workers', '2', ...(await place())], environment).ready();
}

it('each read what the other has stored, whatever the encryption', async () => {
  const server = await twoWorkers({ COFFER_MASTER_KEY: 'K001master_key_of_this_very_test' });
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const modes: readonly Record<string, string>[] = [
    {},
    { 'X-Bz-Server-Side-Encryption': 'AES256' },
    customerKeyHeaders(randomBytes(32)),
  ];
  for (const [mode, headers] of modes.entries()) {
    for (const size of [10, 300_000]) {
      const data = randomBytes(size);
      const name = `${mode}/${size}`;
      expect((await session.upload(bucketId, name, data, headers)).status).toBe(200);
      await eachWorker(server, 'b2_download_file_by_name', async () => {
        const { bytes } = await session.download('my-bucket', name, mode === 2 ? headers : {});
        expect(bytes.equals(data)).toBe(true);
      });
    }
  }
  const environments = await Promise.all(server.workers.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8')));
  expect(environments.join()).not.toContain('K001master_key');
});

/** Makes calls, each over a connection of its own, until each worker has answered one. */
async function eachWorker(server: CliServer, operation: string, act: () => Promise<void>): Promise<void> {
  const seen = server.log.length;
  await vi.waitFor(async () => {
    await Promise.all([act(), act(), act()]);
    const answers = server.log.slice(seen).filter((line) => line['operation'] === operation);
    expect(new Set(answers.map(({ worker }) => worker))).toEqual(new Set(server.workers));
  }, patience);
}

it('see what the others add to the metadata, beyond the memory that was mapped at first', async () => {
  const server = await serve(['--workers', '2', ...(await place()), '--inline-threshold', '1000000']).ready();
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const file = (number: number): Buffer => Buffer.alloc(1_000_000, `content ${number}`);
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let i = lane; i < 100; i += 4) {
      expect((await session.upload(bucketId, `${i}`, file(i))).status).toBe(200);
      const earlier = Math.floor(i / 2);
      const answer = await session.download('my-bucket', `${earlier}`);
      if (answer.status === 200) expect(answer.bytes.equals(file(earlier))).toBe(true);
    }
  });
  await Promise.all(lanes);
  await eachWorker(server, 'b2_download_file_by_name', async () => {
    for (let i = 0; i < 100; i += 11)
      expect((await session.download('my-bucket', `${i}`)).bytes.equals(file(i))).toBe(true);
  });
});

it('give versions of one name strictly increasing times, and count their requests together', async () => {
  const server = await twoWorkers();
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const uploads = Array.from({ length: 40 }, (_, i) => session.upload(bucketId, 'name', Buffer.from(`version ${i}`)));
  const answers = await Promise.all(uploads);
  expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
  const listed = await session.api('b2_list_file_versions', { bucketId, maxFileCount: 100 });
  const versions = listed['files'] as { fileId: string; uploadTimestamp: number }[];
  const times = versions.map(({ uploadTimestamp }) => uploadTimestamp);
  expect(new Set(versions.map(({ fileId }) => fileId)).size).toBe(40);
  expect(times.every((time, i) => i === 0 || time < times[i - 1]!)).toBe(true);
  await vi.waitFor(async () => {
    const metrics = await server.admin('/metrics');
    expect(metrics).toContain('coffer_requests_total{operation="b2_upload_file",status="200",code=""} 40\n');
    expect(metrics).toContain('coffer_workers 2\n');
  }, patience);
});

it('are not started beside another server; all end in good order', async () => {
  const args = await place();
  const server = await serve(['--workers', '2', ...args]).ready();
  const { workers } = server;
  for (const number of ['1', '2']) {
    const other = serve(['--workers', number, ...args]);
    expect(await other.exit).toBe(4);
    expect(other.stderr).toMatch(/^coffer: The data directory .* is in use by another server \(process \d+\)\./m);
  }
  await isReady(server);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(workers.filter(lives)).toEqual([]);
});

it('that cannot start are said as by a single process', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const said = await Promise.all(
    ['1', '2'].map(async (number) => {
      const server = serve([...(await place()), '--workers', number, '--listen', `127.0.0.1:${port}`]);
      expect(await server.exit).toBe(6);
      return /^coffer: .*$/m.exec(server.stderr)?.[0];
    }),
  );
  expect(said[0]).toContain('another program listens there already');
  expect(said[1]).toBe(said[0]);
});

it('a killed one is replaced, and nothing that was acknowledged is lost', async () => {
  const server = await twoWorkers();
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const stored = new Map<string, Buffer>();
  const work = startUploads(session, bucketId, stored);
  for (let kills = 0; kills < 4; kills++) {
    const before = stored.size;
    await vi.waitFor(() => {
      expect(stored.size).toBeGreaterThan(before + 10);
    }, patience);
    const serving = server.workers.filter(lives);
    expect(serving).toHaveLength(2);
    process.kill(serving[kills % 2]!, 'SIGKILL');
    await vi.waitFor(() => {
      expect(server.workers).toHaveLength(3 + kills);
    }, patience);
  }
  await work.stop();
  await isReady(server);
  expect(server.stderr).toContain('"signal":"SIGKILL","msg":"a worker ended by itself"');
  for (const [name, data] of stored) expect((await session.download('my-bucket', name)).bytes.equals(data)).toBe(true);
});

/** Uploads from four connections until told to stop; what a kill cuts off is not counted. */
function startUploads(session: Session, bucketId: string, stored: Map<string, Buffer>) {
  let running = true;
  const loop = async (lane: number): Promise<void> => {
    for (let i = 0; running; i++) {
      const data = randomBytes(i % 2 === 0 ? 100 : 100_000);
      const name = `${lane}/${i}`;
      const answer = await session.upload(bucketId, name, data).catch(() => undefined);
      if (answer?.status === 200) stored.set(name, data);
      // Where nobody listens, asking without a break would keep others from starting.
      if (answer === undefined) await pause(20);
    }
  };
  const loops = Promise.all([0, 1, 2, 3].map(loop));
  return {
    stop: async () => {
      running = false;
      await loops;
    },
  };
}

it('end with their primary, and hold its lock until then', async () => {
  const args = await place();
  const first = await serve(['--workers', '2', ...args]).ready();
  const session = await first.session();
  const bucketId = await session.createBucket('my-bucket');
  const stored = new Map<string, Buffer>();
  const work = startUploads(session, bucketId, stored);
  await vi.waitFor(() => {
    expect(stored.size).toBeGreaterThan(20);
  }, patience);
  const [one = 0, two = 0] = first.workers;
  // One that does not even notice that the primary is gone.
  process.kill(one, 'SIGSTOP');
  first.child.kill('SIGKILL');
  await vi.waitFor(() => {
    expect(lives(two)).toBe(false);
  }, patience);
  const next = serve(['--workers', '2', ...args]);
  const data = args[1]!;
  await vi.waitFor(async () => {
    // Its own socket, which it is about to give the lock's name.
    expect(await readdir(data)).toContainEqual(expect.stringContaining(`${lockName}.`));
  }, patience);
  // Somebody has it, and does not answer in the time that is given.
  expect(await findLockHolder(data)).toBeNull();
  expect(next.log).toEqual([]);
  process.kill(one, 'SIGCONT');
  await next.ready();
  await vi.waitFor(() => {
    expect(lives(one)).toBe(false);
  }, patience);
  await work.stop();
  const again = await next.session();
  for (const [name, bytes] of stored) expect((await again.download('my-bucket', name)).bytes.equals(bytes)).toBe(true);
});
