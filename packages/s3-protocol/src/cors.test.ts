import { beforeEach, describe, expect, it } from 'vitest';
import { childrenOf, childText, TestServer, type Answer } from './test-support/test-server.ts';

let server: TestServer;
let bucketId: string;
beforeEach(async () => {
  server = await TestServer.inMemory();
  bucketId = await server.createBucket('bucket');
});

const get = (name: string) => server.ok({ target: `/bucket?${name}` });
const put = (name: string, body: string) => server.ok({ method: 'PUT', target: `/bucket?${name}`, body });
const remove = (name: string) => server.ok({ method: 'DELETE', target: `/bucket?${name}` });
const putting = (name: string, body: string) => ({ method: 'PUT', target: `/bucket?${name}`, body });
const bucket = () => server.storage.buckets.getByName('bucket');

describe('rules for pages of other origins', () => {
  const rule = (inner: string) => `<CORSRule>${inner}</CORSRule>`;
  const configuration = (...rules: readonly string[]) =>
    `<CORSConfiguration>${rules.map(rule).join('')}</CORSConfiguration>`;
  const origin = (name: string) => `<AllowedOrigin>${name}</AllowedOrigin>`;
  const method = (name: string) => `<AllowedMethod>${name}</AllowedMethod>`;

  const nativeRule = {
    corsRuleName: 'native-rule',
    allowedOrigins: ['https://native.example'],
    allowedOperations: ['b2_download_file_by_name'],
    allowedHeaders: [],
    exposeHeaders: [],
    maxAgeSeconds: 60,
  } as const;
  const mixedRule = {
    ...nativeRule,
    corsRuleName: 'mixed-rule',
    allowedOperations: ['b2_upload_file', 's3_put'],
  } as const;

  it('are set, shown and removed, and leave those of the B2 Native API alone', async () => {
    await server.storage.buckets.update(bucketId, { corsRules: [nativeRule, mixedRule] });
    const own =
      `<ID>first-rule</ID>${origin('https://a.example')}${origin('https://*.b.example')}${method('GET')}${method('PUT')}` +
      '<AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>30</MaxAgeSeconds>';
    await put('cors', configuration(own, `${origin('*')}${method('HEAD')}`));
    const stored = (await bucket()).corsRules;
    expect(stored.slice(0, 2)).toEqual([nativeRule, mixedRule]);
    expect(stored.slice(2)).toEqual([
      {
        corsRuleName: 'first-rule',
        allowedOrigins: ['https://a.example', 'https://*.b.example'],
        allowedOperations: ['s3_get', 's3_put'],
        allowedHeaders: ['x-amz-*'],
        exposeHeaders: ['ETag'],
        maxAgeSeconds: 30,
      },
      expect.objectContaining({ allowedOrigins: ['*'], allowedOperations: ['s3_head'] }),
    ]);
    const shown = await get('cors');
    const ids = childrenOf(shown.xml, 'CORSRule').map((shownRule) => childText(shownRule, 'ID'));
    // A rule that was set without an id is shown without one, though it has a name in the B2 Native API.
    expect(stored[3]?.corsRuleName).toBe('s3-rule-2');
    expect(ids).toEqual(['mixed-rule', 'first-rule', undefined]);
    await put('cors', configuration(`${origin('https://c.example')}${method('DELETE')}`));
    expect((await bucket()).corsRules.slice(0, 2)).toEqual([nativeRule, mixedRule]);
    expect((await bucket()).corsRules).toHaveLength(3);
    expect((await remove('cors')).status).toBe(204);
    expect((await bucket()).corsRules).toEqual([nativeRule, mixedRule]);
  });

  it.each([
    ['', 'MalformedXML', /./],
    ['<CORSConfiguration/>', 'MalformedXML', /./],
    [configuration(origin('*')), 'MalformedXML', /./],
    [configuration(method('GET')), 'MalformedXML', /./],
    [
      configuration(`${origin('*')}${method('PATCH')}`),
      'InvalidRequest',
      'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
    ],
    [configuration(`${origin('https://*.*.example')}${method('GET')}`), 'InvalidRequest', /wildcard/],
    [
      configuration(`${origin('*')}${method('GET')}<MaxAgeSeconds>86401</MaxAgeSeconds>`),
      'InvalidRequest',
      /MaxAgeSeconds/,
    ],
    [configuration(...Array.from({ length: 101 }, () => `${origin('*')}${method('GET')}`)), 'InvalidRequest', /100/],
  ] as const)('are not %.60s', async (body, code, message) => {
    await server.refused(putting('cors', body), { code, message });
  });

  const preflight = (headers: Readonly<Record<string, string>>, target = '/bucket/a') =>
    ({ method: 'OPTIONS', target, headers, key: null }) as const;
  const asking = (from: string, wanted: string, more = '') => ({
    Origin: from,
    'Access-Control-Request-Method': wanted,
    ...(more !== '' && { 'Access-Control-Request-Headers': more }),
  });

  it('are asked before a request, by anybody', async () => {
    const own =
      `${origin('https://a.example')}${method('GET')}${method('PUT')}<AllowedHeader>x-amz-*</AllowedHeader>` +
      '<AllowedHeader>authorization</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>30</MaxAgeSeconds>';
    await put('cors', configuration(own, `${origin('*')}${method('HEAD')}`));
    const allowed = await server.ok(preflight(asking('https://a.example', 'PUT', 'x-amz-date, Authorization')));
    expect(allowed.status).toBe(200);
    expect(Object.fromEntries(allowed.headers.pairs)).toMatchObject({
      'Access-Control-Allow-Origin': 'https://a.example',
      'Access-Control-Allow-Methods': 'PUT',
      'Access-Control-Allow-Headers': expect.stringMatching(/^x-amz-date, ?authorization$/i) as string,
      'Access-Control-Expose-Headers': 'ETag',
      'Access-Control-Max-Age': '30',
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    });
    const open = await server.ok(preflight(asking('https://other.example', 'HEAD'), '/bucket'));
    expect(open.headers.get('access-control-allow-origin')).toBe('*');
    expect(open.headers.get('access-control-allow-credentials')).toBeUndefined();
    const refused = await server.refused(preflight(asking('https://other.example', 'GET')), {
      code: 'AccessForbidden',
      message: /^CORSResponse: This CORS request is not allowed\./,
    });
    expect(['Method', 'ResourceType'].map((name) => childText(refused.xml, name))).toEqual(['GET', 'OBJECT']);
    for (const headers of [asking('https://a.example', 'DELETE'), asking('https://a.example', 'GET', 'cookie')]) {
      await server.refused(preflight(headers), { code: 'AccessForbidden' });
    }
  });

  it('are missing', async () => {
    const headers = asking('https://a.example', 'GET');
    const none = await server.refused(preflight(headers, '/bucket'), {
      code: 'AccessForbidden',
      message: 'CORSResponse: CORS is not enabled for this bucket.',
    });
    expect(['Method', 'ResourceType'].map((name) => childText(none.xml, name))).toEqual(['GET', 'BUCKET']);
    await server.refused(preflight(headers, '/no-bucket/a'), {
      code: 'AccessForbidden',
      message: 'CORSResponse: Bucket not found',
    });
    await server.refused(preflight({}), {
      code: 'BadRequest',
      message: 'Insufficient information. Origin request header needed.',
    });
    await server.refused(preflight({ Origin: 'https://a.example' }), { code: 'BadRequest' });
  });

  it('let a page read answers, errors too', async () => {
    await put('cors', configuration(`${origin('https://a.example')}${method('GET')}<ExposeHeader>ETag</ExposeHeader>`));
    await server.ok({ method: 'PUT', target: '/bucket/a', body: 'x' });
    const shown = ({ headers }: Answer) =>
      ['access-control-allow-origin', 'access-control-expose-headers', 'vary'].map((name) => headers.get(name));
    const vary = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';
    const from = (name: string) => ({ headers: { Origin: name } });
    const right = ['https://a.example', 'ETag', vary];
    expect(shown(await server.ok({ target: '/bucket/a', ...from('https://a.example') }))).toEqual(right);
    const missing = await server.send({ target: '/bucket/none', ...from('https://a.example') });
    expect([missing.status, ...shown(missing)]).toEqual([404, ...right]);
    const unsigned = await server.send({ target: '/bucket/a', key: null, ...from('https://a.example') });
    expect([unsigned.status, ...shown(unsigned)]).toEqual([403, ...right]);
    const other = await server.ok({ target: '/bucket/a', ...from('https://b.example') });
    expect(shown(other)).toEqual([undefined, undefined, vary]);
    expect(shown(await server.ok({ target: '/bucket/a' }))[0]).toBeUndefined();
  });
});
