import { expect, it } from 'vitest';
import { bucketInHost } from './request-host.ts';

const domains = ['localhost', 'example.org', 's3.example.org'];

it.each([
  ['photos.localhost', 'photos'],
  ['photos.localhost:8920', 'photos'],
  ['Photos.LocalHost.:8920', 'photos'],
  ['my.photos.localhost', 'my.photos'],
  ['photos.s3.example.org', 'photos'],
  ['photos.example.org', 'photos'],
])('%s leads to the bucket %s', (host, bucket) => {
  expect(bucketInHost(host, domains)).toBe(bucket);
});

it.each([
  'localhost',
  'localhost:8920',
  's3.example.org',
  'example.org.',
  '',
  '.localhost',
  'notlocalhost',
  '127.0.0.1',
])('%j leads to none', (host) => {
  expect(bucketInHost(host, domains)).toBeUndefined();
});
