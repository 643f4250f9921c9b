import { CustomerKey, type EncryptionRequest } from '@coffer/sse-schema';
import { describe, expect, it } from 'vitest';
import { customerKey } from '../../testing/request-samples.ts';
import { downloadHeaders, mergeDownloadEncryption, parseDownloadPath } from './download-request.ts';

function sseC(fill: number): Extract<EncryptionRequest, { mode: 'SSE-C' }> {
  return { mode: 'SSE-C', customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(fill)) };
}

describe('downloadHeaders', () => {
  it('reads a customer key and prints it', () => {
    const headers = downloadHeaders.print({ serverSideEncryption: sseC(1) });
    expect(downloadHeaders.parse(headers)).toMatchObject({
      ok: true,
      value: { serverSideEncryption: { mode: 'SSE-C' } },
    });
    expect(downloadHeaders.parse([])).toEqual({ ok: true, value: {} });
  });

  it('refuses an incomplete one without showing it', () => {
    const result = downloadHeaders.parse([['x-bz-server-side-encryption-customer-key', customerKey]]);
    expect(result).toMatchObject({ ok: false, violation: 'incomplete_customer_key' });
    expect(JSON.stringify(result)).not.toContain(customerKey);
  });
});

describe('mergeDownloadEncryption', () => {
  it('takes the one that is given', () => {
    const setting = sseC(1);
    expect(mergeDownloadEncryption(setting, undefined)).toEqual({ ok: true, value: setting });
    expect(mergeDownloadEncryption(undefined, setting)).toEqual({ ok: true, value: setting });
    expect(mergeDownloadEncryption(setting, { mode: 'SSE-B2' })).toEqual({ ok: true, value: setting });
    expect(mergeDownloadEncryption(undefined, undefined)).toEqual({ ok: true, value: undefined });
  });

  it('takes two that are the same, and wipes the second', () => {
    const [first, second] = [sseC(1), sseC(1)];
    expect(mergeDownloadEncryption(first, second)).toEqual({ ok: true, value: first });
    expect(first.customerKey.key.wiped).toBe(false);
    expect(second.customerKey.key.wiped).toBe(true);
  });

  it('refuses two that differ, and wipes both', () => {
    const [first, second] = [sseC(1), sseC(2)];
    expect(mergeDownloadEncryption(first, second)).toMatchObject({ ok: false, violation: 'conflicting_modes' });
    expect(first.customerKey.key.wiped && second.customerKey.key.wiped).toBe(true);
  });
});

describe('parseDownloadPath', () => {
  it.each([
    ['my-bucket/a/b%20c', { bucketName: 'my-bucket', fileName: 'a/b c' }],
    ['my-bucket/a+b%2Bc', { bucketName: 'my-bucket', fileName: 'a b+c' }],
    ['my-bucket//a', { bucketName: 'my-bucket', fileName: '/a' }],
    ['my-bucket/a%2Fb', { bucketName: 'my-bucket', fileName: 'a/b' }],
    ['my-bucket/../a', { bucketName: 'my-bucket', fileName: '../a' }],
  ])('reads %s', (path, expected) => {
    expect(parseDownloadPath(path)).toEqual(expected);
  });

  it.each(['', '/', '/a', 'my-bucket', 'my-bucket/', 'my-bucket/%', 'my-bucket/%FF', 'my%zz/a'])(
    'refuses %j',
    (path) => {
      expect(parseDownloadPath(path)).toBeUndefined();
    },
  );
});
