import { expect, it } from 'vitest';
import type { RawStep, S3Step } from '../model/step.ts';
import type { WireRequest } from '../wire/transport.ts';
import { rawFormOf } from './raw-form.ts';
import { Scope } from './scope.ts';

const put: S3Step = { do: 's3', method: 'PUT', key: 'k' };
const request: WireRequest = {
  method: 'PUT',
  origin: 'http://s3.example',
  target: '/box/k?a=b',
  headers: [
    ['Host', 's3.example'],
    ['X-Key', 'one'],
    ['Content-Length', '4'],
  ],
  body: Buffer.from('body'),
};
const scope = new Scope({ bucket: 'box', bucketId: undefined, accountId: undefined, minimumPart: 5 }, 's3/a/case');

function headOf(changes: Omit<RawStep, 'do' | 'request'>): string {
  return rawFormOf({ do: 'raw', request: put, ...changes }, request, scope).head;
}

it('is the request itself, if nothing is changed', () => {
  const form = rawFormOf({ do: 'raw', request: put }, request, scope);
  expect(form.head).toBe('PUT /box/k?a=b HTTP/1.1\r\nHost: s3.example\r\nX-Key: one\r\nContent-Length: 4\r\n\r\n');
  expect([Buffer.from(form.body).toString(), form.closes]).toEqual(['body', false]);
});

it.each<[string, Omit<RawStep, 'do' | 'request'>, string]>([
  ['the first line', { requestLine: '{{method}}\u0001 {{target}}' }, 'PUT\u0001 /box/k?a=b\r\nHost: s3.example\r\n'],
  ['headers that are left out', { without: ['host', 'x-key'] }, 'PUT /box/k?a=b HTTP/1.1\r\nContent-Length: 4\r\n\r\n'],
  ['further lines', { lines: ['x-key: {{sent.x-key}}0', 'A: {{bucket}}'] }, '4\r\nx-key: one0\r\nA: box\r\n\r\n'],
  ['many letters', { lines: ['A: {{letters.12}}'] }, '\r\nA: aaaaaaaaaaaa\r\n'],
  ['the ends of lines', { lineEnd: '\n' }, 'HTTP/1.1\nHost: s3.example\nX-Key: one\nContent-Length: 4\n\n'],
])('changes %s', (_, changes, part) => {
  expect(headOf(changes)).toContain(part);
});

it('changes the body, or breaks it off', () => {
  const changed = rawFormOf({ do: 'raw', request: put, body: { text: 'other' } }, request, scope);
  expect([Buffer.from(changed.body).toString(), changed.closes]).toEqual(['other', false]);
  const broken = rawFormOf({ do: 'raw', request: put, closedAfter: 2 }, request, scope);
  expect([Buffer.from(broken.body).toString(), broken.closes]).toEqual(['bo', true]);
});
