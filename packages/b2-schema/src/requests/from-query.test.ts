import { describe, expect, it } from 'vitest';
import { accountId, customerKey, sseC } from '../../testing/request-samples.ts';
import { fromQuery } from './from-query.ts';
import { operations } from '../operations/operations.ts';

describe('fromQuery', () => {
  const row = operations.b2_list_buckets;

  it('reads arrays as JSON, with commas, and repeated', () => {
    const expected = { ok: true, value: { bucketTypes: ['allPublic', 'allPrivate'] } };
    expect(fromQuery(row, [['bucketTypes', '["allPublic","allPrivate"]']])).toEqual(expected);
    expect(fromQuery(row, [['bucketTypes', 'allPublic,allPrivate']])).toEqual(expected);
    const repeated: [string, string][] = [
      ['bucketTypes', 'allPublic'],
      ['bucketTypes', 'allPrivate'],
    ];
    expect(fromQuery(row, repeated)).toEqual(expected);
  });

  it('refuses a field given twice, broken JSON, and a customer key', () => {
    const twice: [string, string][] = [
      ['accountId', accountId],
      ['accountId', accountId],
    ];
    expect(fromQuery(row, twice).ok).toBe(false);
    expect(fromQuery(operations.b2_update_bucket, [['bucketInfo', '{']]).ok).toBe(false);
    const withKey = fromQuery(operations.b2_download_file_by_id, [['serverSideEncryption', JSON.stringify(sseC)]]);
    expect(withKey).toMatchObject({ ok: false, violation: 'customer_key_not_allowed' });
    expect(JSON.stringify(withKey)).not.toContain(customerKey);
  });

  it('refuses JSON with a key that comes twice, and names the parameter', () => {
    const twice = fromQuery(operations.b2_update_bucket, [['bucketInfo', '{"a":"1","\\u0061":"2"}']]);
    expect(twice).toMatchObject({ ok: false, field: 'bucketInfo', code: 'bad_request' });
  });

  it('leaves the token of a download by name alone, and of no other', () => {
    const pairs: [string, string][] = [['Authorization', 'token']];
    expect(fromQuery(operations.b2_download_file_by_name, pairs)).toEqual({ ok: true, value: {} });
    expect(fromQuery(operations.b2_download_file_by_id, pairs)).toEqual({
      ok: true,
      value: { Authorization: 'token' },
    });
  });

  it('takes an empty value for an absent one, unless it means something', () => {
    expect(fromQuery(row, [['bucketName', '']])).toEqual({ ok: true, value: {} });
    const pairs: [string, string][] = [
      ['bucketId', ''],
      ['fileNamePrefix', ''],
    ];
    const value = { fileNamePrefix: '' };
    expect(fromQuery(operations.b2_get_download_authorization, pairs)).toEqual({ ok: true, value });
  });
});
