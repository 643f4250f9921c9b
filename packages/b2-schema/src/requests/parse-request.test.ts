import { SecretBytes } from '@coffer/bytes';
import { CustomerKey } from '@coffer/sse-schema';
import { describe, expect, it, vi } from 'vitest';
import { accountId, bucketId, customerKey, fileId, sampled, sseB2, sseC } from '../../testing/request-samples.ts';
import { fromQuery } from './from-query.ts';
import { operations } from '../operations/operations.ts';
import { parseRequest, printRequest, wipeRequest } from './parse-request.ts';

describe.each(sampled)('$name', ({ row, good, bad }) => {
  it('takes a good request, and prints it so that it parses to the same', () => {
    const first = parseRequest(row, good);
    if (!first.ok) throw new Error(first.message);
    const again = parseRequest(row, printRequest(row, first.value));
    expect(again).toEqual(first);
  });

  it('treats null as absent', () => {
    for (const field of Object.keys(good)) {
      const rest = Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));
      expect(parseRequest(row, { ...good, [field]: null })).toEqual(parseRequest(row, rest));
    }
  });

  const cases = Object.entries(bad).flatMap(([field, values]) => values.map((value) => ({ field, value })));
  it.each(cases)('refuses a bad $field', ({ field, value }) => {
    const result = parseRequest(row, { ...good, [field]: value });
    if (result.ok) throw new Error(`took ${JSON.stringify(value)}`);
    expect(result.message).not.toContain(customerKey);
    expect(result.message.length).toBeLessThan(400);
  });

  it('refuses a field that it does not know', () => {
    const result = parseRequest(row, { ...good, somethingElse: 1 });
    expect(result).toMatchObject({ ok: false, code: 'bad_request', field: 'somethingElse' });
    expect(result).toHaveProperty('message', `unknown field in ${row.requestType}: somethingElse`);
  });

  it.each([null, [], 'text', 7])('refuses %j as a request', (wire) => {
    expect(parseRequest(row, wire).ok).toBe(false);
  });

  it('takes the same from a query, without customer keys', () => {
    const fields = Object.entries(good).filter(([, value]) => value !== sseC);
    const pairs = fields.map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const wire = fromQuery(row, pairs);
    if (!wire.ok) throw new Error(wire.message);
    expect(parseRequest(row, wire.value)).toEqual(parseRequest(row, Object.fromEntries(fields)));
  });
});

describe('parseRequest', () => {
  it('says which field is missing', () => {
    const result = parseRequest(operations.b2_get_file_info, {});
    expect(result).toEqual({
      ok: false,
      code: 'bad_request',
      message: 'required field fileId is missing',
      field: 'fileId',
    });
  });

  it('refuses what b2_copy_file does not have', () => {
    const result = parseRequest(operations.b2_copy_file, {
      sourceFileId: fileId,
      fileName: 'a',
      serverSideEncryption: sseB2,
    });
    expect(result).toHaveProperty('message', 'unknown field in CopyFileRequest: serverSideEncryption');
  });

  it('says which of two encryption settings is wrong', () => {
    const wrong = { ...sseB2, algorithm: 'AES128' };
    for (const field of ['sourceServerSideEncryption', 'destinationServerSideEncryption']) {
      const refused = parseRequest(operations.b2_copy_file, { sourceFileId: fileId, fileName: 'a', [field]: wrong });
      expect(refused).toMatchObject({ ok: false, field: `${field}.algorithm`, violation: 'unsupported_algorithm' });
      expect(refused).toHaveProperty('message', `The encryption algorithm must be AES256 (${field}.algorithm)`);
    }
  });

  it('has the codes and texts that clients look for', () => {
    const missingBucket = parseRequest(operations.b2_delete_bucket, { accountId, bucketId: 'gone' });
    expect(missingBucket).toMatchObject({ code: 'bad_bucket_id', message: 'Bucket gone does not exist' });
    const tooMany = parseRequest(operations.b2_list_file_names, { bucketId, maxFileCount: 10_001 });
    expect(tooMany).toMatchObject({ code: 'out_of_range' });
    const badFile = parseRequest(operations.b2_get_file_info, { fileId: 'x' });
    expect(badFile).toMatchObject({ code: 'bad_request', message: 'Invalid fileId: x' });
    const large = { bucketId, fileName: 'a', contentType: 'text/plain', customUploadTimestamp: 'soon' };
    expect(parseRequest(operations.b2_start_large_file, large)).toMatchObject({ code: 'custom_timestamp_invalid' });
    const noAlgorithm = parseRequest(operations.b2_update_bucket, {
      bucketId,
      defaultServerSideEncryption: { mode: 'SSE-B2' },
    });
    expect(noAlgorithm).toMatchObject({
      message: 'Invalid default server-side encryption algorithm',
      violation: 'unsupported_algorithm',
    });
  });

  it('knows which version has which field of a key', () => {
    const row = operations.b2_create_key;
    const key = { accountId, capabilities: ['readFiles'], keyName: 'key' };
    expect(parseRequest(row, { ...key, bucketId }, 'v3').ok).toBe(true);
    expect(parseRequest(row, { ...key, bucketIds: [bucketId] }, 'v4').ok).toBe(true);
    expect(parseRequest(row, { ...key, bucketId }, 'v4')).toMatchObject({ ok: false, field: 'bucketId' });
    expect(parseRequest(row, { ...key, bucketIds: [bucketId] }, 'v1')).toMatchObject({ ok: false, field: 'bucketIds' });
    expect(parseRequest(row, { ...key, bucketId: null, bucketIds: null }, 'v4').ok).toBe(true);
  });

  it('refuses a list that is too long by its length, before it looks at the entries', () => {
    const repeated = (entry: unknown, times: number) => Array.from({ length: times }, () => entry);
    const wrong = { toString: () => 'x' };
    const cases: [row: Parameters<typeof parseRequest>[0], path: string, request: object][] = [
      [operations.b2_finish_large_file, 'partSha1Array', { fileId, partSha1Array: repeated(wrong, 10_001) }],
      [operations.b2_update_bucket, 'corsRules', { bucketId, corsRules: repeated(wrong, 101) }],
      [operations.b2_update_bucket, 'lifecycleRules', { bucketId, lifecycleRules: repeated(wrong, 101) }],
      [
        operations.b2_update_bucket,
        'replicationConfiguration.asReplicationSource.replicationRules',
        { bucketId, replicationConfiguration: { asReplicationSource: { replicationRules: repeated(wrong, 101) } } },
      ],
      [operations.b2_list_buckets, 'bucketTypes', { accountId, bucketTypes: repeated(wrong, 100) }],
      [operations.b2_create_key, 'capabilities', { accountId, keyName: 'k', capabilities: repeated(wrong, 100) }],
      [
        operations.b2_set_bucket_notification_rules,
        'eventNotificationRules',
        { bucketId, eventNotificationRules: repeated(wrong, 26) },
      ],
    ];
    for (const [row, path, request] of cases) {
      const parsed = row.request.safeParse(request);
      const issues = parsed.error?.issues ?? [];
      expect(issues.filter((issue) => issue.path.join('.').startsWith(path)).map(({ code }) => code)).toEqual([
        'too_big',
      ]);
    }
  });

  it('says which SHA-1 of a large file is none', () => {
    const finish = (partSha1Array: unknown) => parseRequest(operations.b2_finish_large_file, { fileId, partSha1Array });
    const good = 'a'.repeat(40);
    expect(finish([good, `unverified:${good}`]).ok).toBe(true);
    for (const bad of ['x', 7, null, {}, good.slice(1)]) {
      const message = 'partSha1Array[1]: must be a SHA-1 in hex';
      expect(finish([good, bad, bad])).toMatchObject({ ok: false, field: 'partSha1Array', message });
    }
  });

  it('refuses prefixes in settings that no file name begins with, and names the field', () => {
    for (const prefix of ['a'.repeat(1_025), 'ü'.repeat(513), '\u0000', 'a\nb', '\ud800']) {
      const rule = { fileNamePrefix: prefix, daysFromHidingToDeleting: 1 };
      const request = { bucketId, lifecycleRules: [rule] };
      expect(parseRequest(operations.b2_update_bucket, request)).toMatchObject({
        ok: false,
        field: 'lifecycleRules[0].fileNamePrefix',
        code: 'bad_request',
      });
    }
    const lifecycleRules = [{ fileNamePrefix: 'ü'.repeat(512), daysFromHidingToDeleting: 1 }];
    expect(parseRequest(operations.b2_update_bucket, { bucketId, lifecycleRules }).ok).toBe(true);
  });

  it("takes b2sdk's spelling of the custom timestamp", () => {
    const large = { bucketId, fileName: 'a', contentType: 'text/plain', custom_upload_timestamp: 5 };
    const result = parseRequest(operations.b2_start_large_file, large);
    expect(result).toMatchObject({ ok: true, value: { customUploadTimestamp: 5 } });
  });

  it('ignores what is sent to b2_authorize_account', () => {
    expect(parseRequest(operations.b2_authorize_account, { any: 'thing' })).toEqual({ ok: true, value: {} });
    expect(parseRequest(operations.b2_authorize_account, undefined)).toEqual({ ok: true, value: {} });
  });

  it('does not take a member of the prototype for a field', () => {
    const wire: unknown = JSON.parse(`{"fileId":"${fileId}","__proto__":{"a":1}}`);
    expect(parseRequest(operations.b2_get_file_info, wire).ok).toBe(false);
  });

  it('makes customer keys, and wipes them', () => {
    const result = parseRequest(operations.b2_download_file_by_id, { fileId, serverSideEncryption: sseC });
    if (!result.ok || result.value.serverSideEncryption?.mode !== 'SSE-C') throw new Error('expected a key');
    const key = result.value.serverSideEncryption.customerKey;
    expect(key).toBeInstanceOf(CustomerKey);
    wipeRequest(result.value);
    expect(key.key.wiped).toBe(true);
  });

  it('wipes the customer key of a request that is refused for another field', () => {
    const made = vi.spyOn(SecretBytes, 'copyOf');
    const fields = { bucketId, contentType: 'text/plain', serverSideEncryption: sseC };
    expect(parseRequest(operations.b2_start_large_file, fields).ok).toBe(false);
    const keys = made.mock.results.map(({ value }) => value as SecretBytes);
    expect(keys.map(({ length, wiped }) => ({ length, wiped }))).toEqual([{ length: 32, wiped: true }]);
    expect(parseRequest(operations.b2_start_large_file, { ...fields, fileName: 'a' }).ok).toBe(true);
    expect(made.mock.results.map(({ value }) => (value as SecretBytes).wiped)).toEqual([true, false]);
    made.mockRestore();
  });
});
