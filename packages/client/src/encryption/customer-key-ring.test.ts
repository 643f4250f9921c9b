import { encodeBase64, encodeHex, SecretBytes } from '@coffer/bytes';
import { CustomerKey } from '@coffer/sse-schema';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { caught } from '../../test/caught.ts';
import { memoryServer } from '../../test/memory-server.ts';
import { ClientError } from '../errors/client-error.ts';
import { CustomerKeyRing } from './customer-key-ring.ts';
import { sseC, withKeyId } from './file-encryption.ts';

const key = (fill: number, id?: string) => sseC(new Uint8Array(32).fill(fill), id === undefined ? {} : { id });

describe('a ring of customer keys', () => {
  const ring = new CustomerKeyRing([key(1, 'a'), key(2), key(3, 'b'), key(4, 'b'), key(5)]);
  const order = (info: Record<string, string>) =>
    ring.candidates(info).map(({ customerKey }) => customerKey.key.expose(([first]) => first));

  it('gives the keys with the id first, then those without one, then the others', () => {
    expect(order({ sse_c_key_id: 'b' })).toEqual([3, 4, 2, 5, 1]);
    expect(order({ sse_c_key_id: 'none' })).toEqual([2, 5, 1, 3, 4]);
    expect(order({})).toEqual([2, 5, 1, 3, 4]);
  });
});

describe('sseC', () => {
  it('takes bytes, secret bytes and customer keys', () => {
    const bytes = new Uint8Array(32).fill(7);
    const [one, two] = [sseC(bytes), sseC(SecretBytes.copyOf(bytes))];
    bytes.fill(0);
    expect(one.customerKey.equals(two.customerKey)).toBe(true);
    expect(sseC(one.customerKey).customerKey).toBe(one.customerKey);
  });

  it.each([0, 16, 31, 33])('refuses %i bytes', (length) => {
    expect(() => sseC(new Uint8Array(length))).toThrow(ClientError);
  });
});

it('the info of a new file names its key, and no other', () => {
  expect(withKeyId({ a: 'b' }, key(1, 'x'))).toEqual({ a: 'b', sse_c_key_id: 'x' });
  expect(withKeyId({ sse_c_key_id: 'own' }, key(1))).toEqual({ sse_c_key_id: 'own' });
  expect(withKeyId({ sse_c_key_id: 'own' }, key(1, 'x'))).toEqual({ sse_c_key_id: 'x' });
  expect(withKeyId({ a: 'b', sse_c_key_id: 'old' }, { mode: 'SSE-B2' })).toEqual({ a: 'b' });
  expect(withKeyId({ a: 'b', sse_c_key_id: 'old' }, undefined)).toEqual({ a: 'b' });
});

it('no error, and nothing that a call gives, holds a customer key', async () => {
  const server = await memoryServer();
  const bucketId = await server.bucket();
  const client = server.client();
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const encryption = sseC(raw, { id: 'mine' });
  const wrong = { mode: 'SSE-C', customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(1)) } as const;
  const file = await client.upload({ bucketId, fileName: 'a', data: new Uint8Array(250), encryption });
  const shown: unknown[] = [encryption, new CustomerKeyRing([encryption]), file];
  shown.push(await client.download({ fileId: file.fileId, encryption }));
  shown.push(await caught(client.download({ fileId: file.fileId, encryption: wrong })));
  const { fileId } = await client.api.startLargeFile({ bucketId, fileName: 'b', contentType: 'a/b' });
  const part = { fileId, partNumber: 1, body: new Uint8Array(10), serverSideEncryption: encryption };
  shown.push(await caught(client.api.uploadPart(part)));
  server.intercept = ({ headers }) => Response.json({ code: 'x', message: [...headers].join() }, { status: 400 });
  shown.push(await caught(client.download({ fileId: file.fileId, encryption })));
  const text = shown.map((one) => inspect(one, { depth: null, showHidden: true })).join('\n') + JSON.stringify(shown);
  for (const form of [encodeBase64(raw), encodeHex(raw), raw.join(', ')]) expect(text).not.toContain(form);
});
