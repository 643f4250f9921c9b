import { streamOf } from '@coffer/bytes';
import { expect, test } from 'vitest';
import { readJson } from './json-body.ts';

const read = (value: unknown) =>
  readJson(streamOf(new TextEncoder().encode(JSON.stringify(value))), { declared: undefined });

test('a request has at most as many values as make sense: the SHA-1s of a large file, and file info of many small entries', async () => {
  const largest = {
    partSha1Array: Array.from({ length: 10_000 }, () => `unverified:${'a'.repeat(40)}`),
    fileInfo: Object.fromEntries(Array.from({ length: 636 }, (_, i) => [`${i}`, ''])),
  };
  expect(await read(largest)).toEqual(largest);
});

test.each([
  ['fileInfo.700', { fileInfo: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`${i}`, ''])) }],
  ['700', Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`${i}`, {}]))],
  ['corsRules[5999]', { corsRules: Array.from({ length: 100_000 }, () => ({})) }],
])('more are refused before they are read: %s', async (path, value) => {
  const message = `${path}: too many values`;
  await expect(read(value)).rejects.toMatchObject({ code: 'bad_request', message });
});
