import { describe, expect, expectTypeOf, it } from 'vitest';
import { accountId, bucketId, sampled, sseB2 } from '../../testing/request-samples.ts';
import { operations, type Operations } from '../operations/operations.ts';
import { parseBucketId } from '../values/ids.ts';
import { fromQuery } from './from-query.ts';
import { parseRequest, wipeRequest } from './parse-request.ts';
import { printFields, type FieldsOf } from './print-fields.ts';
import { toQuery } from './to-query.ts';

describe.each(sampled)('$name', ({ name, row, good }) => {
  it('is printed so that it parses to the same values', () => {
    const version = 'bucketId' in good && name === 'b2_create_key' ? 'v3' : 'v4';
    const parsed = parseRequest(row, good, version);
    if (!parsed.ok) throw new Error(parsed.message);
    const printed = printFields(row, parsed.value, version);
    if (!printed.ok) throw new Error(printed.message);
    const again = parseRequest(row, printed.value, version);
    expect(again.ok && JSON.stringify(again.value)).toBe(JSON.stringify(parsed.value));
    wipeRequest(parsed.value);
  });
});

describe('printFields', () => {
  const id = parseBucketId(bucketId)!;

  it('sends only what is given', () => {
    expect(printFields(operations.b2_list_file_names, { bucketId: id, prefix: undefined }, 'v4')).toEqual({
      ok: true,
      value: { bucketId },
    });
  });

  it('refuses fields that are missing, unknown, malformed, or of another version', () => {
    const row = operations.b2_create_key;
    const key = { accountId, keyName: 'a', capabilities: ['readFiles'] };
    expect(printFields(row, { ...key, bucketIds: [id] }, 'v4').ok).toBe(true);
    expect(printFields(row, { ...key, bucketIds: [id] }, 'v3')).toMatchObject({ ok: false, field: 'bucketIds' });
    expect(printFields(row, { ...key, more: 1 }, 'v4')).toMatchObject({ ok: false, field: 'more' });
    expect(printFields(row, { accountId }, 'v4')).toMatchObject({ ok: false, field: 'capabilities' });
    expect(printFields(operations.b2_get_upload_url, { bucketId: 'x' }, 'v4')).toMatchObject({
      ok: false,
      code: 'bad_bucket_id',
      field: 'bucketId',
    });
  });

  it('has types that say which fields a version has', () => {
    type Key<Version extends 'v3' | 'v4'> = keyof FieldsOf<Operations['b2_create_key'], Version>;
    expectTypeOf<'bucketIds'>().toExtend<Key<'v4'>>();
    expectTypeOf<'bucketId'>().not.toExtend<Key<'v4'>>();
    expectTypeOf<'bucketId'>().toExtend<Key<'v3'>>();
    expectTypeOf<'bucketIds'>().not.toExtend<Key<'v3'>>();
    expectTypeOf<{ bucketId: typeof id }>().toExtend<FieldsOf<Operations['b2_list_file_names']>>();
  });
});

it('prints a query that reads back as the same fields', () => {
  const row = operations.b2_create_bucket;
  const settings = { fileLockEnabled: true, defaultServerSideEncryption: sseB2, bucketInfo: { a: 'ü, &' } };
  const fields = { accountId, bucketName: 'a-bucket', bucketType: 'allPrivate', ...settings };
  const read = fromQuery(row, new URLSearchParams(toQuery({ ...fields, corsRules: undefined })));
  expect(parseRequest(row, read.ok ? read.value : undefined)).toEqual(parseRequest(row, fields));
});
