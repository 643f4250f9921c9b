import { expect, it, onTestFinished } from 'vitest';
import { authorize, type Session } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

type Line = Readonly<Record<string, unknown>>;

/** A server with these options, a session of its master key, and its log so far. */
async function serve(options: Parameters<typeof testConfig>[1]) {
  const log = collectLog();
  const server = await start(testConfig(await temporaryDirectory(), options), { logDestination: log });
  const secret = server.masterKey!.expose((text) => text);
  const session: Session = await authorize(server.urls.http!, server.masterKeyId, secret);
  /** The lines of the whole log, once the server has ended. */
  const lines = async (): Promise<Line[]> => {
    await server.close();
    const texts = log.text().split('\n');
    return texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as Line);
  };
  return { session, lines };
}

it('has what test mode made fail at level info, marked as done on purpose', async () => {
  const { session, lines } = await serve({ testMode: true, testUploadFailureRate: 1 });
  const bucketId = await session.createBucket('my-bucket');
  expect((await session.upload(bucketId, 'a', Buffer.from('x'))).status).toBe(503);
  const fault = { 'X-Bz-Test-Mode': 'force_cap_exceeded' };
  expect((await session.upload(bucketId, 'a', Buffer.from('x'), fault)).status).toBe(403);
  const logged = await lines();
  expect(logged.filter(({ operation }) => operation === 'b2_upload_file')).toMatchObject([
    { level: 'info', status: 503, deliberate: true, msg: 'b2_upload_file 503 (on purpose, by test mode)' },
    { level: 'info', status: 403, deliberate: true, msg: 'b2_upload_file 403 (on purpose, by test mode)' },
  ]);
  expect(logged.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  expect(logged.filter(({ operation }) => operation === 'b2_create_bucket')[0]).not.toHaveProperty('deliberate');
});

it('warns of replication rules, since nobody carries them out', async () => {
  const { session, lines } = await serve({});
  const bucketId = await session.createBucket('my-bucket');
  const rule = { destinationBucketId: 'a'.repeat(24), replicationRuleName: 'rule', priority: 0 };
  const asReplicationSource = { sourceApplicationKeyId: '002d2e6b27577ea000000000c', replicationRules: [rule] };
  const { accountId } = session;
  await session.api('b2_update_bucket', { accountId, bucketId, replicationConfiguration: { asReplicationSource } });
  const warnings = (await lines()).filter(({ level }) => level === 'warn');
  expect(warnings).toMatchObject([{ bucketId, msg: expect.stringContaining('then as FAILED') as string }]);
});
