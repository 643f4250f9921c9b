import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConfigInput } from '../config/settings.ts';
import { consoleOperations } from '@coffer/console-schema';
import { authorize, call, customerKeyHeaders, type Answer, type Session } from '../test-support/b2-calls.ts';
import { consolePlace } from '../test-support/console-place.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { version } from '../own-package.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

async function place(input: ConfigInput = {}): Promise<{ readonly url: string; readonly session: Session }> {
  const root = await temporaryDirectory();
  const config = testConfig(root, { consoleListen: '127.0.0.1:0', ...input });
  const server = await start(config, { consoleFiles: await consolePlace(root) });
  const secret = server.masterKey!.expose((text) => text);
  return { url: server.urls.console!, session: await authorize(server.urls.http!, server.masterKeyId, secret) };
}

function own(url: string, token: string, name: string, fields: object = {}): Promise<Answer> {
  const headers = { Authorization: token };
  return call(`${url}/cofferapi/v1/${name}`, { method: 'POST', headers, body: JSON.stringify(fields) });
}

const json = ({ bytes }: Answer) => JSON.parse(bytes.toString()) as Record<string, unknown>;

/** A key of the account, and its token. */
async function tokenOf({ session, url }: Awaited<ReturnType<typeof place>>, capabilities: string[], more = {}) {
  const { accountId } = session;
  const fields = { accountId, keyName: 'a-key', capabilities, ...more };
  const { applicationKeyId, applicationKey } = await session.api('b2_create_key', fields);
  return (await authorize(url, String(applicationKeyId), String(applicationKey))).token;
}

describe('coffer_get_server', () => {
  it('tells the master key how the server is, and no key', async () => {
    const { url, session } = await place({ scrubInterval: 1_000 });
    await own(url, session.token, 'coffer_none');
    const answer = await own(url, session.token, 'coffer_get_server');
    expect(answer.status).toBe(200);
    const facts = consoleOperations.coffer_get_server.response.strict().parse(json(answer));
    expect(facts).toMatchObject({
      version,
      nodeVersion: process.versions.node,
      workers: 1,
      shortcoming: null,
      store: { state: 'ok', reason: null },
      clockDoubted: false,
      outbox: { events: 0, oldestSeconds: 0 },
      scrub: { damaged: 0, orphans: 0 },
      quarantine: { held: 0, leftInPlace: 0 },
    });
    expect(Object.keys(facts.keyring[0]!)).toEqual(['id', 'state', 'createdAt']);
    expect(facts.keyring.map(({ state }) => state)).toEqual(['active']);
    expect(facts.requests).toMatchObject([{ requests: 2, errors4xx: 1, errors5xx: 0 }]);
    expect(facts.requests[0]!.minute - facts.startedAt).toBeLessThan(60_000);
  });

  it('tells nobody else', async () => {
    const it = await place({ scrubInterval: 0 });
    const token = await tokenOf(it, ['listKeys', 'writeKeys', 'listBuckets', 'readBucketEncryption']);
    const refused = await own(it.url, token, 'coffer_get_server');
    expect([refused.status, json(refused)['code']]).toEqual([401, 'unauthorized']);
    expect(json(await own(it.url, it.session.token, 'coffer_get_server'))['scrub']).toBeNull();
  });
});

describe('coffer_get_encryption_coverage', () => {
  it('counts versions and bytes by encryption, page by page', async () => {
    const { url, session } = await place();
    const bucketId = await session.createBucket('my-bucket');
    const modes = [{}, { 'X-Bz-Server-Side-Encryption': 'AES256' }, customerKeyHeaders(randomBytes(32))];
    for (const [mode, headers] of modes.entries())
      for (const name of ['a', 'b', 'c'].slice(mode)) await session.upload(bucketId, name, Buffer.alloc(10), headers);
    await session.api('b2_hide_file', { bucketId, fileName: 'a' });
    const sums = { none: 0, sseB2: 0, sseC: 0, withoutContent: 0, bytes: 0, pages: 0 };
    let next = {};
    do {
      const page = await own(url, session.token, 'coffer_get_encryption_coverage', {
        bucketId,
        maxFileCount: 2,
        ...next,
      });
      const counted = consoleOperations.coffer_get_encryption_coverage.response.strict().parse(json(page));
      for (const mode of ['none', 'sseB2', 'sseC'] as const) {
        sums[mode] += counted[mode].files;
        sums.bytes += counted[mode].bytes;
      }
      sums.withoutContent += counted.withoutContent;
      sums.pages++;
      next =
        counted.nextFileName === null ? {} : { startFileName: counted.nextFileName, startFileId: counted.nextFileId };
    } while (Object.keys(next).length > 0);
    expect(sums).toEqual({ none: 3, sseB2: 2, sseC: 1, withoutContent: 1, bytes: 60, pages: 4 });
  });

  it('needs both capabilities, and no prefix', async () => {
    const it = await place();
    const bucketId = await it.session.createBucket('my-bucket');
    const ask = async (token: string, fields = {}) =>
      json(await own(it.url, token, 'coffer_get_encryption_coverage', { bucketId, ...fields }));
    const rights = ['listFiles', 'readBucketEncryption'];
    expect(await ask(await tokenOf(it, rights, { bucketId }))).toMatchObject({ bucketId, nextFileName: null });
    for (const one of rights)
      expect(await ask(await tokenOf(it, [one], { bucketId }))).toMatchObject({ code: 'unauthorized' });
    const narrow = await tokenOf(it, rights, { bucketId, namePrefix: 'a/' });
    expect(await ask(narrow)).toMatchObject({ code: 'unauthorized' });
    expect(await ask(it.session.token, { maxFileCount: 10_001 })).toMatchObject({ code: 'out_of_range' });
    expect(await ask(it.session.token, { bucketId: 'f'.repeat(24) })).toMatchObject({ code: 'bad_bucket_id' });
  });
});
