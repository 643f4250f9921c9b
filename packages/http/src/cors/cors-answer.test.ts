import { expect, it } from 'vitest';
import { answerHeaders, preflightHeaders } from './cors-answer.ts';
import type { CorsRuleFacts } from './cors-match.ts';

const origin = 'https://a.example';
const rule = (facts: Partial<CorsRuleFacts> = {}): CorsRuleFacts => ({
  allowedOrigins: ['https'],
  allowedOperations: ['s3_get'],
  allowedHeaders: ['*'],
  exposeHeaders: null,
  maxAgeSeconds: 60,
  ...facts,
});

it('answers a preflight with the origin, the headers asked for and the lifetime', () => {
  const asked = { operation: 's3_get', origin, headers: ['range', 'x-a'] } as const;
  expect(preflightHeaders(rule({ exposeHeaders: ['x-bz-*', 'date'] }), asked, ['GET', 'HEAD'])).toEqual([
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Methods', 'GET, HEAD'],
    ['Access-Control-Allow-Headers', 'range, x-a'],
    ['Access-Control-Expose-Headers', 'x-bz-*, date'],
    ['Access-Control-Max-Age', '60'],
    ['Vary', 'Origin'],
  ]);
});

it('says nothing of headers that nobody asked for', () => {
  expect(
    preflightHeaders(rule({ allowedOrigins: ['*'], maxAgeSeconds: 0 }), { operation: 's3_get', origin }, ['GET']),
  ).toEqual([
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Methods', 'GET'],
    ['Access-Control-Max-Age', '0'],
    ['Vary', 'Origin'],
  ]);
});

it.each<[expose: readonly string[] | null, shown: string | undefined]>([
  [null, undefined],
  [[], undefined],
  [['X-Bz-File-Id', 'x-absent'], 'X-Bz-File-Id, x-absent'],
  [['x-bz-info-*'], 'X-Bz-Info-a, X-Bz-Info-b'],
  [['x-bz-info-a', 'X-BZ-info-*', 'x-bz-i*'], 'x-bz-info-a, X-Bz-Info-b'],
  [['x-nothing-*'], undefined],
  [['*'], '*'],
])('exposes %j of an answer as %s', (exposeHeaders, shown) => {
  const answered = ['Content-Type', 'X-Bz-Info-a', 'X-Bz-Info-b', 'X-Bz-Info-b', 'X-Bz-File-Id'];
  expect(answerHeaders(rule({ exposeHeaders }), origin, answered)).toEqual([
    ['Access-Control-Allow-Origin', origin],
    ...(shown === undefined ? [] : [['Access-Control-Expose-Headers', shown]]),
  ]);
});
