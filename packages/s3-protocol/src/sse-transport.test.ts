import { s3CopySourceSseHeaders, s3SseHeaders } from '@coffer/sse-schema';
import { describe, expect, it } from 'vitest';
import { encryptions, keyA, openEncrypted, told } from './test-support/encrypted-objects.ts';
import type { TestServer } from './test-support/test-server.ts';

const { encryption: sse } = s3SseHeaders;
const remote = { address: '192.0.2.1', loopback: false, secure: false };

describe('customer keys and the connection', () => {
  const send = (server: TestServer, peer: object) =>
    server.send({ target: '/bucket/SSE-C', headers: keyA.headers, peer: { ...remote, ...peer } });

  it('are taken by TLS and from this machine, and elsewhere where the operator allows it', async () => {
    const server = await openEncrypted();
    expect((await send(server, {})).code).toBe('InvalidRequest');
    const secure = await send(server, { secure: true });
    expect([secure.status, secure.headers.get('strict-transport-security')]).toEqual([200, 'max-age=63072000']);
    const local = await send(server, { loopback: true });
    expect([local.status, local.headers.get('strict-transport-security')]).toEqual([200, undefined]);
    const lenient = await openEncrypted({ s3: { allowInsecureCustomerKeys: true } });
    expect((await send(lenient, {})).status).toBe(200);
  });

  it('are needed for nothing else by TLS', async () => {
    const server = await openEncrypted();
    for (const name of ['none', 'SSE-S3']) await server.ok({ target: `/bucket/${name}`, peer: remote });
    const headers = encryptions['SSE-S3'].ask;
    await server.ok({ method: 'PUT', target: '/bucket/a', headers, peer: remote });
  });
});

describe('a presigned URL', () => {
  const host = { Host: 'localhost' };

  it('of an object with SSE-C takes its key in headers: all three signed, or only the algorithm', async () => {
    const server = await openEncrypted();
    const algorithm = { [s3SseHeaders.algorithm]: 'AES256' };
    for (const signed of [keyA.headers, algorithm]) {
      for (const method of ['PUT', 'GET', 'HEAD']) {
        const target = server.presigned({ method, target: '/bucket/new', headers: signed });
        const headers = { ...host, ...keyA.headers };
        const answer = await server.sendRaw({ method, target, headers, body: method === 'PUT' ? 'presigned' : '' });
        expect([answer.status, told(answer.headers)]).toEqual([200, encryptions['SSE-C'].told]);
        if (method === 'GET') expect(answer.text).toBe('presigned');
      }
    }
    const plain = server.presigned({ target: '/bucket/SSE-C' });
    expect((await server.sendRaw({ target: plain, headers: { ...host, ...keyA.headers } })).code).toBe('AccessDenied');
    const bare = await server.sendRaw({ target: plain, headers: host });
    expect([bare.status, bare.code]).toEqual([400, 'InvalidRequest']);
    const signed = server.presigned({ target: '/bucket/SSE-C', headers: keyA.headers });
    const withoutThem = await server.sendRaw({ target: signed, headers: host });
    expect(withoutThem.code).toBe('SignatureDoesNotMatch');
    const copied = server.presigned({
      method: 'PUT',
      target: '/bucket/copy',
      headers: { 'x-amz-copy-source': 'bucket/SSE-C', [s3CopySourceSseHeaders.algorithm]: 'AES256' },
    });
    const headers = { ...host, 'x-amz-copy-source': 'bucket/SSE-C', ...keyA.sourceHeaders };
    expect((await server.sendRaw({ method: 'PUT', target: copied, headers })).status).toBe(200);
  });

  it('takes SSE-S3 in its headers or in its query', async () => {
    const server = await openEncrypted();
    const { ask, told: expected } = encryptions['SSE-S3'];
    const inHeaders = server.presigned({ method: 'PUT', target: '/bucket/a', headers: ask });
    const answer = await server.sendRaw({ method: 'PUT', target: inHeaders, headers: { ...host, ...ask }, body: '' });
    expect([answer.status, told(answer.headers)]).toEqual([200, expected]);
    const without = await server.sendRaw({ method: 'PUT', target: inHeaders, headers: host });
    expect(without.code).toBe('SignatureDoesNotMatch');
    const inQuery = server.presigned({ method: 'PUT', target: `/bucket/a?${sse}=AES256` });
    expect(told((await server.sendRaw({ method: 'PUT', target: inQuery, headers: host, body: '' })).headers)).toEqual(
      expected,
    );
  });

  it('with a customer key in the query is refused, signed in whatever way', async () => {
    const server = await openEncrypted();
    for (const [name, value] of Object.entries({ ...keyA.headers, ...keyA.sourceHeaders })) {
      for (const parameter of [name, name.toLowerCase(), name.toUpperCase()]) {
        const added = `${parameter}=${encodeURIComponent(value)}`;
        const target = `/bucket/SSE-C?${added}`;
        const signed = { ...host, Authorization: 'AWS4-HMAC-SHA256 Credential=nonsense' };
        const answers = [
          await server.sendRaw({ target: `${server.presigned({ target: '/bucket/SSE-C' })}&${added}`, headers: host }),
          await server.sendRaw({ target, headers: signed }),
          await server.sendRaw({ target, headers: host }),
        ];
        for (const answer of answers) expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument']);
      }
    }
  });
});
