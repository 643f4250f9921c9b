import { describe, expect, it } from 'vitest';
import { origin as serverOrigin, sha1, TestServer, type Answer } from './test-support/test-server.ts';

const page = 'https://app.example';
const stranger = 'https://other.example';

const corsRules = [
  {
    corsRuleName: 'uploads',
    allowedOrigins: [page],
    allowedOperations: ['b2_upload_file', 'b2_upload_part'],
    allowedHeaders: ['authorization', 'content-type', 'x-bz-*'],
    exposeHeaders: ['x-bz-request-id'],
    maxAgeSeconds: 600,
  },
  {
    corsRuleName: 'downloads',
    allowedOrigins: [page],
    allowedOperations: ['b2_download_file_by_name', 'b2_download_file_by_id'],
    allowedHeaders: ['authorization', 'range'],
    exposeHeaders: ['x-bz-info-*', 'x-bz-content-sha1'],
    maxAgeSeconds: 0,
  },
];

async function scene() {
  const server = await TestServer.inMemory();
  const bucketId = await server.createBucket('my-bucket', { corsRules });
  const fileId = (await server.upload(bucketId, 'a', 'hello', { headers: { 'X-Bz-Info-color': 'red' } })).json.fileId;
  const upload = await server.ok('b2_get_upload_url', { bucketId });
  const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
  const large = (await server.ok('b2_start_large_file', start)).fileId;
  const part = await server.ok('b2_get_upload_part_url', { fileId: large });
  const pathOf = ({ uploadUrl }: { uploadUrl: string }) => uploadUrl.slice(serverOrigin.length);
  const byId = `/b2api/v3/b2_download_file_by_id?fileId=${fileId}`;
  const urls = { upload: pathOf(upload), part: pathOf(part), byName: '/file/my-bucket/a', byId };
  return { server, bucketId, fileId, upload, part, urls };
}

interface Asked {
  readonly origin?: string | undefined;
  readonly method?: string | undefined;
  readonly headers?: string | undefined;
}

function preflight(server: TestServer, target: string, asked: Asked = {}): Promise<Answer> {
  const { origin = page, method = 'GET', headers } = asked;
  return server.send({
    method: 'OPTIONS',
    target,
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': headers,
    },
  });
}

/** The headers of an answer that are about origins. */
function corsOf({ headers }: Answer): Record<string, string> {
  const pairs = headers.pairs.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(pairs.filter(([name]) => name === 'vary' || name.startsWith('access-control-')));
}

describe('a preflight', () => {
  it('is allowed by a rule for the operation of an upload URL', async () => {
    const { server, urls } = await scene();
    const headers = 'authorization,content-type,x-bz-content-sha1,x-bz-file-name';
    for (const target of [urls.upload, urls.part]) {
      const answer = await preflight(server, target, { method: 'POST', headers });
      expect(answer.status).toBe(200);
      expect(answer.bytes).toHaveLength(0);
      expect(corsOf(answer)).toEqual({
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': headers.replaceAll(',', ', '),
        'access-control-expose-headers': 'x-bz-request-id',
        'access-control-max-age': '600',
        vary: 'Origin',
      });
    }
    expect(server.events.at(-1)).toMatchObject({ operation: 'b2_upload_part', method: 'OPTIONS', status: 200 });
  });

  it('is allowed by a rule for the operation of a download URL', async () => {
    const { server, urls } = await scene();
    for (const target of [
      urls.byName,
      urls.byId,
      '/b2api/v4/b2_download_file_by_name?bucketName=my-bucket&fileName=a',
      `${urls.byName}?Authorization=4_x_dnld&b2ContentType=a/b`,
      // Whether there is such a file is for the request itself to learn.
      '/file/my-bucket/missing',
    ]) {
      const answer = await preflight(server, target, { headers: 'range' });
      expect([target, answer.status]).toEqual([target, 200]);
      expect(corsOf(answer)).toMatchObject({
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers': 'range',
        'access-control-max-age': '0',
      });
    }
  });

  it.each<[why: string, asked: Asked, target: (urls: Awaited<ReturnType<typeof scene>>['urls']) => string]>([
    ['another origin', { origin: stranger }, ({ byName }) => byName],
    ['an opaque origin', { origin: 'null' }, ({ byName }) => byName],
    ['a header that is not allowed', { headers: 'range,x-other' }, ({ byName }) => byName],
    ['what is no header', { headers: 'ra nge' }, ({ byName }) => byName],
    ['a method of no use there', { method: 'DELETE' }, ({ byName }) => byName],
    ['PUT to a download URL', { method: 'PUT' }, ({ byName }) => byName],
    ['GET of an upload URL', { method: 'GET' }, ({ upload }) => upload],
    ['a bucket that does not exist', {}, () => '/file/no-bucket/a'],
    ['a bucket name that cannot be', {}, () => '/file/x/a'],
    ['no file', {}, () => '/file/my-bucket'],
    ['no file id', {}, () => '/b2api/v4/b2_download_file_by_id'],
    ['what is no file id', {}, () => '/b2api/v4/b2_download_file_by_id?fileId=x'],
    ['an upload into nothing', { method: 'POST' }, () => '/b2api/v4/b2_upload_file/x/y'],
  ])('is denied for %s', async (_, asked, targetOf) => {
    const { server, urls } = await scene();
    const answer = await server.refused(() => preflight(server, targetOf(urls), asked), {
      status: 403,
      code: 'access_denied',
    });
    expect(corsOf(answer)).toEqual({});
  });

  it('is denied with an account token in the URL', async () => {
    const { server, bucketId, urls } = await scene();
    const withToken = (token: string) => `${urls.byName}?Authorization=${encodeURIComponent(token)}`;
    const answer = await preflight(server, withToken(server.masterToken));
    expect([answer.status, corsOf(answer)]).toEqual([403, {}]);
    const fields = { bucketId, fileNamePrefix: '', validDurationInSeconds: 60 };
    const { authorizationToken } = await server.ok('b2_get_download_authorization', fields);
    expect((await preflight(server, withToken(authorizationToken))).status).toBe(200);
  });

  it('is denied where no rule is for the operation, and everywhere without rules', async () => {
    const { server, bucketId, urls } = await scene();
    for (const rules of [corsRules.slice(1), []]) {
      await server.ok('b2_update_bucket', { bucketId, corsRules: rules });
      expect((await preflight(server, urls.upload, { method: 'POST' })).status).toBe(403);
    }
    expect((await preflight(server, urls.byName)).status).toBe(403);
  });

  it('is no preflight without an origin or a method, nor for another operation', async () => {
    const { server, urls } = await scene();
    for (const headers of [{}, { Origin: page }, { 'Access-Control-Request-Method': 'GET' }]) {
      const answer = await server.send({ method: 'OPTIONS', target: urls.byName, headers });
      expect([answer.status, corsOf(answer)]).toEqual([405, {}]);
    }
    expect((await preflight(server, '/b2api/v4/b2_list_buckets')).status).toBe(405);
    expect((await preflight(server, '/b2api/v4/b2_nothing')).status).toBe(404);
  });

  it('of the first rule that fits, in the order of the bucket', async () => {
    const { server, bucketId, urls } = await scene();
    const rule = (corsRuleName: string, allowedHeaders: string[], maxAgeSeconds: number) => ({
      ...{ corsRuleName, allowedHeaders, maxAgeSeconds },
      allowedOrigins: ['*'],
      allowedOperations: ['b2_download_file_by_name'],
    });
    await server.ok('b2_update_bucket', {
      bucketId,
      corsRules: [rule('first-rule', ['range'], 1), rule('second-rule', ['*'], 2), rule('third-rule', ['*'], 3)],
    });
    const ageFor = async (headers?: string) =>
      corsOf(await preflight(server, urls.byName, { headers, origin: stranger }));
    expect(await ageFor()).toMatchObject({ 'access-control-max-age': '1', 'access-control-allow-origin': '*' });
    expect(await ageFor('Range')).toMatchObject({ 'access-control-max-age': '1' });
    expect(await ageFor('range, authorization')).toMatchObject({ 'access-control-max-age': '2' });
  });
});

describe('a cross-origin request', () => {
  const shown = {
    'access-control-allow-origin': page,
    'access-control-expose-headers': 'x-bz-content-sha1, X-Bz-Info-color',
    vary: 'Origin',
  };
  const fromPage = { headers: { Origin: page } } as const;

  it('may read a download if a rule says so', async () => {
    const { server, fileId, urls } = await scene();
    for (const path of [urls.byName, urls.byId]) {
      for (const head of [false, true]) {
        const answer = await server.download(path, { ...fromPage, head });
        expect([answer.status, corsOf(answer)]).toEqual([200, shown]);
      }
      const part = await server.download(path, { headers: { Origin: page, Range: 'bytes=1-2' } });
      expect([part.status, corsOf(part)]).toEqual([206, shown]);
      const other = await server.download(path, { headers: { Origin: stranger } });
      expect([other.status, corsOf(other)]).toEqual([200, { vary: 'Origin' }]);
      const same = await server.download(path);
      expect([same.status, corsOf(same)]).toEqual([200, { vary: 'Origin' }]);
    }
    const posts = [
      ['b2_download_file_by_id', { fileId }],
      ['b2_download_file_by_name', { bucketName: 'my-bucket', fileName: 'a' }],
    ] as const;
    for (const [name, fields] of posts) {
      const post = (token: string) =>
        server.send({
          method: 'POST',
          target: `/b2api/v4/${name}`,
          headers: { Origin: page, Authorization: token },
          body: JSON.stringify(fields),
        });
      expect(corsOf(await post(server.masterToken))).toEqual(shown);
      const refused = await post('garbage');
      // The body, which would say which bucket's rules apply, is not read for it.
      expect([refused.status, corsOf(refused)['access-control-allow-origin']]).toEqual([401, undefined]);
    }
  });

  it('may read the errors of a download too', async () => {
    const { server, urls } = await scene();
    const missing = urls.byId.replace(/_f1[0-9a-f]{16}/, `_f1${'0'.repeat(16)}`);
    for (const [status, path, options] of [
      [404, '/file/my-bucket/missing', {}],
      [404, missing, {}],
      [401, urls.byName, { token: null }],
      [401, urls.byId, { token: 'garbage' }],
      [400, `${urls.byName}?b2ContentType=%0a`, {}],
      [416, urls.byName, { headers: { Origin: page, Range: 'bytes=9-' } }],
    ] as const) {
      const answer = await server.download(path, { ...fromPage, ...options });
      expect([path, answer.status]).toEqual([path, status]);
      expect(corsOf(answer)).toMatchObject({ 'access-control-allow-origin': page, vary: 'Origin' });
      const other = await server.download(path, { ...options, headers: { Origin: stranger } });
      expect(corsOf(other)).toEqual({ vary: 'Origin' });
    }
    expect(corsOf(await server.download('/file/no-bucket/a', fromPage))).toEqual({});
  });

  it('may read the answer to an upload, and its errors', async () => {
    const { server, upload, part } = await scene();
    const own = { 'X-Bz-File-Name': 'b', 'Content-Type': 'text/plain' };
    const stored = await server.uploadTo(upload, 'x', own, fromPage);
    expect([stored.status, corsOf(stored)]).toEqual([
      200,
      {
        'access-control-allow-origin': page,
        'access-control-expose-headers': 'x-bz-request-id',
        vary: 'Origin',
      },
    ]);
    const wrong = await server.uploadTo(upload, 'x', { ...own, 'X-Bz-Content-Sha1': sha1('y') }, fromPage);
    expect([wrong.status, corsOf(wrong)['access-control-allow-origin']]).toEqual([400, page]);
    const stolen = { ...upload, authorizationToken: part.authorizationToken };
    const refused = await server.uploadTo(stolen, 'x', own, fromPage);
    expect([refused.status, corsOf(refused)['access-control-allow-origin']]).toEqual([401, page]);
    const one = await server.uploadTo(part, 'x'.repeat(10), { 'X-Bz-Part-Number': '1' }, fromPage);
    expect([one.status, corsOf(one)['access-control-allow-origin']]).toEqual([200, page]);
    const other = await server.uploadTo(upload, 'x', own, { headers: { Origin: stranger } });
    expect([other.status, corsOf(other)]).toEqual([200, { vary: 'Origin' }]);
  });

  it('may not read anything else', async () => {
    const { server } = await scene();
    const { accountId, masterToken } = server;
    const answer = await server.send({
      method: 'POST',
      target: '/b2api/v4/b2_list_buckets',
      headers: { Origin: page, Authorization: masterToken },
      body: JSON.stringify({ accountId }),
    });
    expect([answer.status, corsOf(answer)]).toEqual([200, {}]);
  });

  it('is answered without headers about origins by a bucket without rules', async () => {
    const { server, bucketId, urls } = await scene();
    await server.ok('b2_update_bucket', { bucketId, corsRules: [] });
    expect(corsOf(await server.download(urls.byName, fromPage))).toEqual({});
  });
});
