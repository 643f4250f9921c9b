import { fixedClock, type FixedClock } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import type { B2Options, TestMode } from './index.ts';
import { TestServer, type Answer, type BodyOf } from './test-support/test-server.ts';

interface Scene {
  readonly server: TestServer;
  readonly clock: FixedClock;
  readonly bucketId: string;
  /** Uploads with a value of `X-Bz-Test-Mode`. */
  readonly upload: (mode?: string) => Promise<Answer>;
}

async function open(testMode: TestMode | undefined, b2: Pick<B2Options, 'onError'> = {}): Promise<Scene> {
  const clock = fixedClock(1_700_000_000_000);
  const server = await TestServer.inMemory({ clock, b2: testMode === undefined ? b2 : { ...b2, testMode } });
  const bucketId = await server.createBucket('my-bucket');
  const url = await server.ok('b2_get_upload_url', { bucketId });
  const own = { 'X-Bz-File-Name': 'a', 'Content-Type': 'text/plain' };
  const upload = (mode?: string) => server.uploadTo(url, 'hello', own, { headers: { 'X-Bz-Test-Mode': mode } });
  return { server, clock, bucketId, upload };
}

async function statuses(count: number, send: () => Promise<Answer>): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await send()).status);
  return seen;
}

const countOf = (seen: readonly number[], status: number) => seen.filter((one) => one === status).length;

async function authorize({ server }: Scene, mode?: string): Promise<Answer<BodyOf<'b2_authorize_account'>>> {
  const headers = { Authorization: server.masterBasic, 'X-Bz-Test-Mode': mode };
  const answer = await server.send({ target: '/b2api/v4/b2_authorize_account', headers });
  return answer as Answer<BodyOf<'b2_authorize_account'>>;
}

describe('without test mode', () => {
  it('the header is like any other', async () => {
    const scene = await open(undefined);
    for (const mode of ['fail_some_uploads', 'force_cap_exceeded', 'nonsense']) {
      expect(await statuses(20, () => scene.upload(mode))).toEqual(Array.from({ length: 20 }, () => 200));
    }
    const mode = 'expire_some_account_authorization_tokens';
    const tokens = await Promise.all(Array.from({ length: 20 }, () => authorize(scene, mode)));
    scene.clock.advance(86_000_000);
    const { accountId } = scene.server;
    for (const { json } of tokens) {
      await scene.server.ok('b2_list_buckets', { accountId }, { token: json.authorizationToken });
    }
  });
});

describe('in test mode', () => {
  it('fails some uploads where it is asked for, the same ones for the same random source, and stores nothing then', async () => {
    const runs = await Promise.all([open({}), open({})]);
    const seen = await Promise.all(runs.map((scene) => statuses(80, () => scene.upload('fail_some_uploads'))));
    const [scene] = runs;
    expect(seen[0]).toEqual(seen[1]);
    expect(countOf(seen[0]!, 200) + countOf(seen[0]!, 503)).toBe(80);
    expect(countOf(seen[0]!, 503)).toBeGreaterThan(8);
    expect(countOf(seen[0]!, 503)).toBeLessThan(40);
    const { files } = await scene.server.ok('b2_list_file_versions', { bucketId: scene.bucketId });
    expect(files).toHaveLength(countOf(seen[0]!, 200));
    expect(await statuses(30, () => scene.upload())).toEqual(Array.from({ length: 30 }, () => 200));
  });

  it('fails a share of all uploads, whatever they ask for', async () => {
    const none = await open({ uploadFailureRate: 0 });
    expect(countOf(await statuses(20, () => none.upload()), 503)).toBe(0);
    const all = await open({ uploadFailureRate: 1 });
    await all.server.refused(() => all.upload(), { status: 503, code: 'service_unavailable' });
    expect(countOf(await statuses(20, () => all.upload()), 503)).toBe(20);
    const half = await open({ uploadFailureRate: 0.5 });
    const failed = countOf(await statuses(80, () => half.upload()), 503);
    expect(failed).toBeGreaterThan(20);
    expect(failed).toBeLessThan(60);
  });

  it('does not report what it does on purpose as errors of the server', async () => {
    const errors: unknown[] = [];
    const { upload } = await open({ uploadFailureRate: 1 }, { onError: (error) => errors.push(error) });
    expect((await upload()).status).toBe(503);
    expect(errors).toEqual([]);
  });

  it('marks what it does on purpose, and only that, for the log', async () => {
    const scene = await open({ uploadFailureRate: 1 });
    await scene.upload();
    await scene.upload('force_cap_exceeded');
    await scene.upload('nonsense');
    const seen = scene.server.events.slice(-3).map(({ status, deliberate }) => [status, deliberate]);
    expect(seen).toEqual([
      [503, true],
      [403, true],
      [400, false],
    ]);
  });

  it('fails parts as it fails files', async () => {
    const { server, bucketId } = await open({ uploadFailureRate: 1 });
    const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
    const { fileId } = await server.ok('b2_start_large_file', start);
    const failed = { status: 503, code: 'service_unavailable' } as const;
    await server.refused(() => server.uploadPart(fileId, 1, 'x'.repeat(10)), failed);
  });

  it('says that a cap is exceeded, of files and of parts', async () => {
    const { server, bucketId, upload } = await open({});
    const exceeded = { status: 403, code: 'cap_exceeded' } as const;
    await server.refused(() => upload('force_cap_exceeded'), exceeded);
    const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
    const { fileId } = await server.ok('b2_start_large_file', start);
    const headers = { 'X-Bz-Test-Mode': 'force_cap_exceeded' };
    await server.refused(() => server.uploadPart(fileId, 1, 'x'.repeat(10), { headers }), exceeded);
    expect((await upload()).status).toBe(200);
  });

  it('says first what is wrong with an upload', async () => {
    const { server, bucketId } = await open({ uploadFailureRate: 1 });
    const url = await server.ok('b2_get_upload_url', { bucketId });
    const bad = { 'X-Bz-File-Name': '', 'Content-Type': 'text/plain' };
    await server.refused(() => server.uploadTo(url, 'x', bad), { status: 400, code: 'bad_request' });
    const stolen = { ...url, authorizationToken: 'garbage' };
    await server.refused(() => server.uploadTo(stolen, 'x', bad), { status: 401, code: 'bad_auth_token' });
  });

  it('gives some account tokens that expire at once, and the next ones hold', async () => {
    const scene = await open({});
    const mode = 'expire_some_account_authorization_tokens';
    const tokens: string[] = [];
    for (let i = 0; i < 40; i++) tokens.push((await authorize(scene, mode)).json.authorizationToken);
    const plain = (await authorize(scene)).json.authorizationToken;
    const { accountId } = scene.server;
    const list = async (token: string) =>
      (await scene.server.call('b2_list_buckets', { accountId }, { token })).json.code;
    const before = await Promise.all(tokens.map(list));
    expect(before.filter((code) => code !== undefined)).toEqual([]);
    scene.clock.advance(5_000);
    const after = await Promise.all(tokens.map(list));
    const expired = after.filter((code) => code === 'expired_auth_token').length;
    expect(expired + after.filter((code) => code === undefined).length).toBe(40);
    expect(expired).toBeGreaterThan(8);
    expect(expired).toBeLessThan(32);
    expect(await list(plain)).toBeUndefined();
  });

  it('lets every upload wait, and nothing else', async () => {
    const waits: number[] = [];
    const wait = (milliseconds: number) => {
      waits.push(milliseconds);
      return Promise.resolve();
    };
    const { server, upload } = await open({ latencyMilliseconds: 250, wait });
    expect((await upload()).status).toBe(200);
    await server.ok('b2_list_buckets', { accountId: server.accountId });
    expect(waits).toEqual([250]);
  });

  it('stops waiting for a client that has gone away', async () => {
    const { server, bucketId } = await open({ latencyMilliseconds: 2 ** 30 });
    const { uploadUrl, authorizationToken } = await server.ok('b2_get_upload_url', { bucketId });
    const answer = await server.send({
      method: 'POST',
      target: new URL(uploadUrl).pathname,
      headers: {
        ...{ Authorization: authorizationToken, 'X-Bz-File-Name': 'a', 'Content-Type': 'text/plain' },
        'X-Bz-Content-Sha1': 'do_not_verify',
      },
      body: 'x',
      signal: AbortSignal.abort(),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it('refuses a fault that there is not', async () => {
    const scene = await open({});
    const bad = { status: 400, code: 'bad_request' } as const;
    await scene.server.refused(() => scene.upload('fail_all_uploads'), bad);
    await scene.server.refused(() => authorize(scene, 'nonsense'), bad);
  });
});
