import { RequestBodyError } from '@coffer/http';
import { expect, it } from 'vitest';
import { sha1, TestServer } from './test-support/test-server.ts';

interface UploadUrl {
  readonly uploadUrl: string;
  readonly authorizationToken: string;
}

/** A body whose second half comes when it is released, or never. */
function stalledBody() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const body = (async function* () {
    yield new TextEncoder().encode('hel');
    begin();
    await released;
    yield new TextEncoder().encode('lo');
  })();
  return { body, begun, release };
}

const kinds = [
  {
    kind: 'file',
    urlOf: async (server: TestServer): Promise<UploadUrl> =>
      server.ok('b2_get_upload_url', { bucketId: await server.createBucket('my-bucket') }),
    headers: { 'X-Bz-File-Name': 'a', 'Content-Type': 'text/plain' },
  },
  {
    kind: 'part',
    urlOf: async (server: TestServer): Promise<UploadUrl> => {
      const bucketId = await server.createBucket('my-bucket');
      const { fileId } = await server.ok('b2_start_large_file', { bucketId, fileName: 'a', contentType: 'text/plain' });
      return server.ok('b2_get_upload_part_url', { fileId });
    },
    headers: { 'X-Bz-Part-Number': '1' },
  },
] as const;

it.each(kinds)('an upload token serves one $kind at a time, and the next when that has ended', async (kind) => {
  const server = await TestServer.inMemory();
  const url = await kind.urlOf(server);
  const upload = () => server.uploadTo(url, 'hello', kind.headers);
  const first = stalledBody();
  const answered = server.uploadTo(url, 'hello', kind.headers, { stream: first.body });
  await first.begun;

  const token = url.authorizationToken;
  const message = `more than one upload using auth token ${token}`;
  await server.refused(upload, { status: 400, code: 'auth_token_limit', message });
  first.release();
  expect((await answered).status).toBe(200);
  expect((await upload()).status).toBe(200);
});

it('an upload that is refused or broken off gives its token back', async () => {
  const server = await TestServer.inMemory();
  const [{ urlOf, headers }] = kinds;
  const url = await urlOf(server);
  const wrong = { headers: { 'X-Bz-Content-Sha1': sha1('other') } };
  expect((await server.uploadTo(url, 'hello', headers, wrong)).status).toBe(400);
  const broken = (async function* () {
    yield await Promise.resolve(new TextEncoder().encode('hel'));
    throw new RequestBodyError('aborted', 'The connection was reset');
  })();
  await server.uploadTo(url, 'hello', headers, { stream: broken });
  expect((await server.uploadTo(url, 'hello', headers)).status).toBe(200);
});

it('tokens for the same bucket are different, and serve uploads at once', async () => {
  const server = await TestServer.inMemory();
  const bucketId = await server.createBucket('my-bucket');
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => server.upload(bucketId, name, name)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});
