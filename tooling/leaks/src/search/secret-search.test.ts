import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SecretSearch } from './secret-search.ts';

const secrets = Array.from({ length: 500 }, (_, number) => ({
  origin: `secret ${number}`,
  bytes: createHash('sha256').update(`secret ${number}`).digest(),
}));
const search = new SecretSearch(secrets);
const [first, second] = [secrets[0]!, secrets[1]!];
const md5 = createHash('md5').update(first.bytes).digest();

test.each<[string, string | Buffer]>([
  ['raw', first.bytes],
  ['hex', first.bytes.toString('hex')],
  ['hex, upper case', first.bytes.toString('hex').toUpperCase()],
  ['base64, alignment 0', first.bytes.toString('base64')],
  ['base64url, alignment 0', first.bytes.toString('base64url')],
  ['base64, alignment 1', Buffer.concat([Buffer.from('x'), first.bytes]).toString('base64')],
  ['percent-encoded base64', encodeURIComponent(first.bytes.toString('base64'))],
  ['decimal numbers', JSON.stringify(first.bytes.toJSON().data)],
  ['MD5 of raw', md5],
  ['MD5 of hex', md5.toString('hex')],
  ['MD5 of base64, alignment 0', md5.toString('base64')],
])('%s is found, and where', (form, written) => {
  const found = search.find(Buffer.concat([randomBytes(10_000), Buffer.from(written), randomBytes(100)]));
  expect(found.map((hit) => hit.secret.origin)).toContain('secret 0');
  expect(found.every(({ offset }) => offset >= 10_000)).toBe(true);
  const name = form.startsWith('MD5 of ') ? `MD5 of ${form.slice(7)}` : form;
  expect(found.map((hit) => hit.form)).toContain(name);
});

test('all places are found, also at the very beginning and end, and none where nothing is', () => {
  const haystack = Buffer.concat([second.bytes, randomBytes(50), first.bytes, first.bytes]);
  expect(search.find(haystack).map(({ secret, offset }) => [secret.origin, offset])).toEqual([
    ['secret 1', 0],
    ['secret 0', 82],
    ['secret 0', 114],
  ]);
  expect(search.find(randomBytes(1_000_000))).toEqual([]);
  expect(search.find(new Uint8Array(3))).toEqual([]);
});
