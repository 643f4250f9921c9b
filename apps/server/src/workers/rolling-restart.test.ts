import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { call, uploadHeaders, type Session } from '../test-support/b2-calls.ts';
import { CliServer, isReady, lives, patience } from '../test-support/cli-server.ts';
import { testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);
const connections = 6;

/** A client that keeps its one connection and uploads and downloads over it; a request that fails is thrown. */
async function client(session: Session, bucketId: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const target = await session.api('b2_get_upload_url', { bucketId });
  const url = String(target['uploadUrl']);
  const token = String(target['authorizationToken']);
  const round = async (name: string, size: number): Promise<void> => {
    const data = randomBytes(size);
    const headers = uploadHeaders(token, name, data);
    expect((await call(url, { method: 'POST', headers, body: data, agent })).status).toBe(200);
    const read = { headers: { Authorization: session.token }, agent };
    expect((await call(`${session.apiUrl}/file/my-bucket/${name}`, read)).bytes.equals(data)).toBe(true);
  };
  return {
    round,
    close: () => {
      agent.destroy();
    },
  };
}

it('replaces all workers under load, and no request fails', { timeout: 180_000 }, async () => {
  const data = join(await temporaryDirectory(), 'data');
  const server = await new CliServer(['--workers', '2', '--data', data]).ready();
  onTestFinished(() => server.end('SIGKILL').then(() => undefined));
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const busy = await Promise.all(Array.from({ length: connections }, () => client(session, bucketId)));
  const idle = await Promise.all(Array.from({ length: connections }, () => client(session, bucketId)));
  for (const [lane, { round }] of idle.entries()) await round(`idle/${lane}`, 10);

  let running = true;
  let rounds = 0;
  const work = Promise.all(
    busy.map(async ({ round }, lane) => {
      for (let i = 0; running; i++) {
        await round(`busy/${lane}/${i}`, i % 3 === 0 ? 500_000 : 2_000);
        rounds++;
      }
    }),
  );
  for (let restarts = 1; restarts <= 3; restarts++) {
    const before = rounds;
    await vi.waitFor(() => {
      expect(rounds).toBeGreaterThan(before + 5 * connections);
    }, patience);
    server.child.kill('SIGHUP');
    await vi.waitFor(() => {
      expect(server.workers).toHaveLength(2 + 2 * restarts);
      expect(server.log.filter(({ msg }) => msg === 'draining')).toHaveLength(2 * restarts);
    }, patience);
  }
  // Connections that were idle all the time are still good, whatever worker they belong to.
  for (const [lane, { round }] of idle.entries()) await round(`idle-again/${lane}`, 10);
  running = false;
  await work;
  for (const { close } of [...busy, ...idle]) close();

  await vi.waitFor(() => {
    expect(server.workers.slice(0, -2).filter(lives)).toEqual([]);
  }, patience);
  await isReady(server);
  const failed = server.log.filter(({ level }) => level === 'error' || level === 'warn');
  expect(failed).toEqual([]);
  await vi.waitFor(async () => {
    expect(await server.admin('/metrics')).toContain(
      `coffer_requests_total{operation="b2_upload_file",status="200",code=""} ${rounds + 2 * connections}\n`,
    );
  }, patience);
  expect(await server.end('SIGTERM')).toBe(0);
});
