import { CustomerKey } from '@coffer/sse-schema';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { apiVersions } from './api-version.ts';
import { capabilityNames } from './capability.ts';
import { fromQuery } from './from-query.ts';
import type { BucketId, FileId } from './ids.ts';
import { operationNames, operations, type OperationName, type RequestOf, type ResponseOf } from './operations.ts';
import { parseRequest, printRequest, wipeRequest, type FieldRow } from './parse-request.ts';

const accountId = 'd2e6b27577ea';
const bucketId = '8d625eb63be2775577c70e1a';
const fileId = `4_z${bucketId}_f200ec353a2184825_d20160409_m004829_c000_v0001016_t0028`;
const largeFileId = `4_z${bucketId}_f2000ec353a2184825_d20160409_m004829_c000_v0001016_t0028`;
const customerKey = 'pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=';
const sseC = { mode: 'SSE-C', algorithm: 'AES256', customerKey, customerKeyMd5: 'DWygnHRtgiJ77HCm+1rvHw==' };
const sseB2 = { mode: 'SSE-B2', algorithm: 'AES256' };

/** A good request of a row with every field, and one bad value (at least) for each field that can have one. */
interface Sample {
  readonly good: Record<string, unknown>;
  readonly bad: Record<string, readonly unknown[]>;
}

const badId = [7, 'nonsense', '', `${fileId}?`, 'x'.repeat(10_000)];
const badText = [7, true, {}];
const badName = [7, '', 'a\n', '\u007f', 'é'.repeat(600), '\ud800'];
const badCount = [-1, 1.5, 'ten', 10_001];
const badSse = [
  { ...sseC, algorithm: 'AES128' },
  { mode: 'SSE-D' },
  'AES256',
  { mode: 'SSE-B2' },
  { ...sseC, more: 1 },
];
const badDefault = [...badSse, sseC, { algorithm: 'AES256' }];
const badRange = ['bytes=5-1', 'bytes=-5', 'bytes=5-', '0-5', 7];
const badRetention = [
  { mode: 'governance' },
  { mode: 'forever', retainUntilTimestamp: 5 },
  { retainUntilTimestamp: 5 },
];
const badHold = ['ON', true];
const badInfo = [{ 'b2-other': 'x' }, { 'sp ace': 'x' }, { a: 1 }, { a: 'x', A: 'x' }, { ['k'.repeat(51)]: 'x' }, []];
const badType = [7, 'text/plain\r\nX: y', ''];
const overrides = {
  b2CacheControl: 'max-age=3600',
  b2ContentDisposition: 'attachment; filename="a.txt"',
  b2ContentEncoding: 'gzip',
  b2ContentLanguage: 'de, en-GB',
  b2ContentType: 'text/plain',
  b2Expires: 'Thu, 01 Dec 1994 16:00:00 GMT',
};
const badOverrides = {
  b2CacheControl: ['a b', 'x\r\ny'],
  b2ContentDisposition: ['attachment; filename*0=a', ''],
  b2ContentEncoding: ['a b'],
  b2ContentLanguage: ['de_DE'],
  b2ContentType: badType,
  b2Expires: ['tomorrow'],
};
const cors = {
  corsRuleName: 'downloads',
  allowedOrigins: ['https://*.example.com', 'http'],
  allowedOperations: ['b2_download_file_by_name'],
  allowedHeaders: ['range', 'x-bz-*'],
  exposeHeaders: null,
  maxAgeSeconds: 3600,
};
const badCors = [
  [{ ...cors, corsRuleName: 'b2-rules' }],
  [{ ...cors, allowedOrigins: ['*', 'https://a.example'] }],
  [{ ...cors, allowedOrigins: ['https://*.*.example'] }],
  [{ ...cors, allowedOrigins: [''] }],
  [{ ...cors, allowedOperations: [] }],
  [{ ...cors, allowedHeaders: ['a*b'] }],
  [{ ...cors, maxAgeSeconds: 86_401 }],
  [{ ...cors, more: 1 }],
  [cors, cors],
  [{ ...cors, allowedHeaders: ['x'.repeat(1000)] }],
];
const lifecycle = { fileNamePrefix: 'logs/', daysFromUploadingToHiding: null, daysFromHidingToDeleting: 7 };
const badLifecycle = [
  [{ fileNamePrefix: '' }],
  [{ ...lifecycle, daysFromHidingToDeleting: 0 }],
  [lifecycle, { ...lifecycle, fileNamePrefix: 'logs/a' }],
  [lifecycle, lifecycle],
  [{ daysFromHidingToDeleting: 7 }],
];
const replication = {
  asReplicationSource: {
    replicationRules: [
      { destinationBucketId: bucketId, fileNamePrefix: '', priority: 1, replicationRuleName: 'a_rule' },
    ],
    sourceApplicationKeyId: '002d2e6b27577ea000000000c',
  },
  asReplicationDestination: null,
};
const badReplication = [{ asReplicationSource: {} }, { more: 1 }];
const badInfoOfBucket = [{ ' ': 'x' }, Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'x'])), 'x'];

const bucketSettings = {
  bucketInfo: { 'Cache-Control': 'max-age=60' },
  corsRules: [cors],
  lifecycleRules: [lifecycle],
  fileLockEnabled: true,
  defaultServerSideEncryption: sseB2,
  replicationConfiguration: replication,
};
const badBucketSettings = {
  bucketInfo: badInfoOfBucket,
  corsRules: badCors,
  lifecycleRules: badLifecycle,
  fileLockEnabled: ['yes', 1],
  defaultServerSideEncryption: badDefault,
  replicationConfiguration: badReplication,
};
const listing = { bucketId, startFileName: 'a', maxFileCount: 10, prefix: 'a/', delimiter: '/' };
const badListing = {
  bucketId: badId,
  startFileName: badText,
  maxFileCount: badCount,
  prefix: ['\ud800', 7],
  delimiter: badText,
};

const samples: Partial<Record<OperationName, Sample>> = {
  b2_create_bucket: {
    good: { accountId, bucketName: 'my-bucket', bucketType: 'allPrivate', ...bucketSettings },
    bad: {
      accountId: badId,
      bucketName: ['short', 'b2-bucket', 'under_score', 'a..bucket', '.bucket', '192.168.10.1', 'x'.repeat(64)],
      bucketType: ['public', 'snapshot', 1],
      ...badBucketSettings,
    },
  },
  b2_update_bucket: {
    good: {
      accountId,
      bucketId,
      bucketType: 'allPublic',
      ...bucketSettings,
      defaultRetention: { mode: 'governance', period: { duration: 7, unit: 'days' } },
      ifRevisionIs: 2,
    },
    bad: {
      accountId: badId,
      bucketId: badId,
      bucketType: ['public'],
      ...badBucketSettings,
      defaultRetention: [
        { mode: 'governance' },
        { mode: 'governance', period: { duration: 0, unit: 'days' } },
        { mode: 'governance', period: { duration: 9, unit: 'years' } },
        { mode: null, period: { duration: 7, unit: 'days' } },
      ],
      ifRevisionIs: [-1, 'two'],
    },
  },
  b2_delete_bucket: { good: { accountId, bucketId }, bad: { accountId: badId, bucketId: badId } },
  b2_list_buckets: {
    good: { accountId, bucketId, bucketName: 'my-bucket', bucketTypes: ['all'] },
    bad: { accountId: badId, bucketId: badText, bucketName: badText, bucketTypes: [[], ['all', 'allPublic'], ['x']] },
  },
  b2_create_key: {
    good: {
      accountId,
      capabilities: ['readFiles', 'listFiles'],
      keyName: 'my-key',
      validDurationInSeconds: 3600,
      bucketIds: [bucketId],
      namePrefix: 'a/',
    },
    bad: {
      accountId: badId,
      capabilities: [[], ['fly'], 'readFiles'],
      keyName: ['', 'under_score', 'x'.repeat(101)],
      validDurationInSeconds: [0, 86_400_001, 'day'],
      bucketIds: [[], ['nonsense']],
      namePrefix: ['\ud800', 7],
    },
  },
  b2_list_keys: {
    good: { accountId, maxKeyCount: 1000, startApplicationKeyId: '002d2e6b27577ea000000000c' },
    bad: { accountId: badId, maxKeyCount: badCount, startApplicationKeyId: badText },
  },
  b2_delete_key: { good: { applicationKeyId: '002d2e6b27577ea000000000c' }, bad: { applicationKeyId: badId } },
  b2_get_upload_url: { good: { bucketId }, bad: { bucketId: badId } },
  b2_get_upload_part_url: { good: { fileId }, bad: { fileId: badId } },
  b2_start_large_file: {
    good: {
      bucketId,
      fileName: 'a/b.bin',
      contentType: 'b2/x-auto',
      fileInfo: { large_file_sha1: 'x', Other: 'über\n' },
      serverSideEncryption: sseC,
      fileRetention: { mode: 'compliance', retainUntilTimestamp: '1628942493000' },
      legalHold: 'on',
      customUploadTimestamp: '1628942493000',
    },
    bad: {
      bucketId: badId,
      fileName: badName,
      contentType: badType,
      fileInfo: badInfo,
      serverSideEncryption: badSse,
      fileRetention: badRetention,
      legalHold: badHold,
      customUploadTimestamp: ['soon', -5, 1.5],
    },
  },
  b2_copy_part: {
    good: {
      sourceFileId: fileId,
      largeFileId,
      partNumber: 1,
      range: 'bytes=0-99',
      sourceServerSideEncryption: sseC,
      destinationServerSideEncryption: sseC,
    },
    bad: {
      sourceFileId: badId,
      largeFileId: badId,
      partNumber: [0, 10_001, 'one'],
      range: badRange,
      sourceServerSideEncryption: badSse,
      destinationServerSideEncryption: badSse,
    },
  },
  b2_copy_file: {
    good: {
      sourceFileId: fileId,
      fileName: 'copy',
      destinationBucketId: bucketId,
      range: 'bytes=0-99',
      metadataDirective: 'REPLACE',
      contentType: 'text/plain',
      fileInfo: { a: 'b' },
      fileRetention: { mode: null, retainUntilTimestamp: null },
      legalHold: 'off',
      sourceServerSideEncryption: sseC,
      destinationServerSideEncryption: sseB2,
    },
    bad: {
      sourceFileId: badId,
      fileName: badName,
      destinationBucketId: badId,
      range: badRange,
      metadataDirective: ['copy', 'COPY'],
      contentType: badType,
      fileInfo: badInfo,
      fileRetention: badRetention,
      legalHold: badHold,
      sourceServerSideEncryption: badSse,
      destinationServerSideEncryption: badSse,
    },
  },
  b2_finish_large_file: {
    good: { fileId, partSha1Array: ['a'.repeat(40), `unverified:${'b'.repeat(40)}`] },
    bad: { fileId: badId, partSha1Array: [['x'], 'a'.repeat(40), [null]] },
  },
  b2_cancel_large_file: { good: { fileId }, bad: { fileId: badId } },
  b2_list_parts: {
    good: { fileId, startPartNumber: 2, maxPartCount: 100 },
    bad: { fileId: badId, startPartNumber: [0, 'one'], maxPartCount: badCount },
  },
  b2_list_unfinished_large_files: {
    good: { bucketId, namePrefix: 'a', startFileId: fileId, maxFileCount: 50 },
    bad: { bucketId: badId, namePrefix: badText, startFileId: badId, maxFileCount: [-1, 'x'] },
  },
  b2_list_file_names: { good: listing, bad: badListing },
  b2_list_file_versions: { good: { ...listing, startFileId: fileId }, bad: { ...badListing, startFileId: badId } },
  b2_get_file_info: { good: { fileId }, bad: { fileId: badId } },
  b2_hide_file: { good: { bucketId, fileName: 'a' }, bad: { bucketId: badId, fileName: badName } },
  b2_delete_file_version: {
    good: { fileName: 'a', fileId, bypassGovernance: 'true' },
    bad: { fileName: badName, fileId: badId, bypassGovernance: ['yes', 1] },
  },
  b2_get_download_authorization: {
    good: { bucketId, fileNamePrefix: 'a/', validDurationInSeconds: 60, ...overrides },
    bad: {
      bucketId: badId,
      fileNamePrefix: badText,
      validDurationInSeconds: [0, 604_801, 'x'],
      ...badOverrides,
    },
  },
  b2_download_file_by_id: {
    good: { fileId, serverSideEncryption: sseC, ...overrides },
    bad: { fileId: badId, serverSideEncryption: badSse, ...badOverrides },
  },
  b2_download_file_by_name: {
    good: { bucketName: 'my-bucket', fileName: 'a/b', serverSideEncryption: sseC, ...overrides },
    bad: { bucketName: badText, fileName: badText, serverSideEncryption: badSse, ...badOverrides },
  },
};

const sampled = operationNames.flatMap((name) => {
  const row: FieldRow | undefined = fieldRow(name);
  const sample = samples[name];
  return row === undefined || sample === undefined ? [] : [{ name, row, ...sample }];
});

function fieldRow(name: OperationName): FieldRow | undefined {
  const row = operations[name];
  return row.kind === 'upload' || name === 'b2_authorize_account' ? undefined : row;
}

describe('the table', () => {
  it('has each row under its own name', () => {
    for (const name of operationNames) expect(operations[name].name).toBe(name);
    expect(operationNames).toHaveLength(27);
  });

  it('has a sample for each row that takes fields, and tries each field of it', () => {
    const expected = operationNames.filter((name) => fieldRow(name) !== undefined);
    expect(sampled.map(({ name }) => name)).toEqual(expected);
    for (const { row, good, bad } of sampled) {
      const fields = Object.keys(row.request.shape).filter(
        (field) => field !== 'bucketId' || row.name !== 'b2_create_key',
      );
      expect(Object.keys(good).toSorted()).toEqual(fields.toSorted());
      expect(Object.keys(bad).toSorted()).toEqual(fields.toSorted());
    }
  });

  it.each(operationNames)('%s names real fields in scope, capabilities, aliases and versions', (name) => {
    const row = operations[name] as (typeof operations)[OperationName] & {
      fieldCapabilities?: readonly { field: string }[];
    };
    if (row.kind === 'upload') return;
    const { on, ...names } = row.scope as { on: string } & Record<string, unknown>;
    const fields = Object.keys(row.request.shape);
    const scoped = Object.values({ ...names, ...(names['destination'] as object | undefined) })
      .filter((value): value is string => typeof value === 'string')
      .filter((value) => !['readFiles', 'name', 'largeFile'].includes(value));
    expect(on).not.toBe('');
    for (const field of scoped) expect(fields).toContain(field);
    for (const { field } of row.fieldCapabilities ?? []) expect(fields).toContain(field);
  });

  it.each(operationNames)('%s is of every version and needs a known capability', (name) => {
    const { versions, authorization } = operations[name];
    expect(versions).toEqual(apiVersions);
    if ('capability' in authorization) expect(capabilityNames).toContain(authorization.capability);
  });
});

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
      typeof value === 'object' ? JSON.stringify(value) : String(value),
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

  it('has the codes and texts that clients look for', () => {
    const missingBucket = parseRequest(operations.b2_delete_bucket, { accountId, bucketId: 'gone' });
    expect(missingBucket).toMatchObject({ code: 'bad_bucket_id', message: 'Bucket gone does not exist' });
    const tooMany = parseRequest(operations.b2_list_file_names, { bucketId, maxFileCount: 10_001 });
    expect(tooMany).toMatchObject({ code: 'out_of_range' });
    const badFile = parseRequest(operations.b2_get_file_info, { fileId: 'x' });
    expect(badFile).toMatchObject({ code: 'bad_request', message: 'Invalid fileId: x' });
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
});

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

  it('leaves the token of a download by name alone, and of no other', () => {
    const pairs: [string, string][] = [['Authorization', 'token']];
    expect(fromQuery(operations.b2_download_file_by_name, pairs)).toEqual({ ok: true, value: {} });
    expect(fromQuery(operations.b2_download_file_by_id, pairs)).toEqual({
      ok: true,
      value: { Authorization: 'token' },
    });
  });

  it('takes an empty value for an absent one', () => {
    expect(fromQuery(row, [['bucketName', '']])).toEqual({ ok: true, value: {} });
  });
});

it('has the types of values', () => {
  expectTypeOf<RequestOf<'b2_copy_part'>['sourceFileId']>().toEqualTypeOf<FileId>();
  expectTypeOf<RequestOf<'b2_get_upload_url'>>().toEqualTypeOf<{ bucketId: BucketId }>();
  expectTypeOf<RequestOf<'b2_list_parts'>['maxPartCount']>().toEqualTypeOf<number>();
  expectTypeOf<RequestOf<'b2_upload_part'>['partNumber']>().toEqualTypeOf<number>();
  expectTypeOf<ResponseOf<'b2_create_key', 'v3'>['bucketId']>().toEqualTypeOf<string | null>();
  expectTypeOf<ResponseOf<'b2_create_key'>['bucketIds']>().toEqualTypeOf<string[] | null>();
  expectTypeOf<ResponseOf<'b2_get_upload_url'>['bucketId']>().toEqualTypeOf<string>();
});
