import type { HttpHandler } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { expect, it } from 'vitest';
import { betweenFaces } from './faces.ts';

const named =
  (name: string): HttpHandler =>
  () =>
    Promise.resolve({ status: 200, headers: [['X-Face', name]] });
const handler = betweenFaces({ b2: named('b2'), s3: named('s3'), domains: ['localhost', 's3.example.org'] });

async function faceOf(method: string, target: string, headers: Record<string, string>): Promise<unknown> {
  const answer = await handler(testRequest({ method, target, headers: { Host: 'localhost:8920', ...headers } }));
  return answer.headers[0]?.[1];
}

it.each<[string, string, Record<string, string>, string]>([
  ['GET', '/b2api/v4/b2_authorize_account', {}, 'b2'],
  ['POST', '/b2api/v4/b2_list_buckets', { Authorization: 'x' }, 'b2'],
  ['GET', '/file/bucket/key', { 'x-amz-date': 'x' }, 'b2'],
  ['GET', 'http://localhost:8920/file/bucket/key?a', {}, 'b2'],
  ['GET', '/file', {}, 's3'],
  ['GET', '/b2api', {}, 's3'],
  ['GET', '/filed/key', {}, 's3'],
  ['GET', '/', {}, 'b2'],
  ['GET', '/', { Accept: 'text/html' }, 'b2'],
  ['HEAD', '/', {}, 'b2'],
  ['GET', '/?x=X-Amz-Date', {}, 'b2'],
  ['GET', '/', { Authorization: 'AWS4-HMAC-SHA256 …' }, 's3'],
  ['HEAD', '/', { 'X-AMZ-Date': 'x' }, 's3'],
  ['GET', '/?a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256', { Accept: 'text/html' }, 's3'],
  ['POST', '/', {}, 's3'],
  ['OPTIONS', '/', {}, 's3'],
  ['GET', '/bucket', {}, 's3'],
  ['PUT', '/bucket/b2api/v4', {}, 's3'],
  ['GET', '/favicon.ico', { Accept: 'text/html' }, 's3'],
  ['GET', '/', { Host: 'photos.localhost:8920' }, 's3'],
  ['GET', '/b2api/v4/b2_list_buckets', { Host: 'photos.s3.example.org' }, 's3'],
  ['GET', '/file/a', { Host: 'PHOTOS.S3.Example.org' }, 's3'],
  ['GET', '/file/a', { Host: 's3.example.org' }, 'b2'],
  ['GET', '/file/a', { Host: 'b2.example.org' }, 'b2'],
])('%s %s with %o is for %s', async (method, target, headers, face) => {
  expect(await faceOf(method, target, headers)).toBe(face);
});

it('a request without a Host header goes by its path', async () => {
  const answer = await handler(testRequest({ target: '/bucket/key' }));
  expect(answer.headers[0]?.[1]).toBe('s3');
});
