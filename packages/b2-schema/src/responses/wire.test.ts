import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { accountId, bucketId, fileId } from '../../testing/request-samples.ts';
import { apiVersions, parseApiVersion } from '../values/api-version.ts';
import { capabilities, capabilityNames, isAllowedOnBucketKey, isCapability } from '../values/capability.ts';
import { b2ErrorCodes, isB2ErrorCode, statusOf, type B2ErrorCode } from '../values/error-codes.ts';
import { printListedFile } from './listed-file.ts';
import { operations, responseSchema } from '../operations/operations.ts';
import { printJson, printJsonInPieces } from './print-json.ts';
import { printReplication } from '../settings/replication.ts';
import { printAuthorization, readAuthorization, type WireAuthorization } from './wire-authorization.ts';
import { hideMarkerContent, wireFile, type WireHideMarker } from './wire-file.ts';
import { canShowKey, printKeyV3, type WireKey } from './wire-key.ts';

const sizes = { absoluteMinimumPartSize: 5_000_000, recommendedPartSize: 100_000_000 };
const urls = { apiUrl: 'https://api.example', downloadUrl: 'https://f.example', s3ApiUrl: 'https://s3.example' };

function authorization(buckets: { id: string; name: string | null }[] | null): WireAuthorization {
  return {
    accountId,
    applicationKeyExpirationTimestamp: null,
    authorizationToken: 'token',
    apiInfo: { storageApi: { ...sizes, ...urls, allowed: { buckets, capabilities: ['readFiles'], namePrefix: 'a/' } } },
  };
}

describe('the answer of b2_authorize_account', () => {
  const one = authorization([{ id: bucketId, name: 'my-bucket' }]);

  it.each(apiVersions)('has a schema and a form in %s', (version) => {
    const printed = printAuthorization(one, version);
    const schema = responseSchema(operations.b2_authorize_account, version);
    const read = schema.parse(printed);
    expect(schema.encode(read)).toEqual(printed);
    expect(JSON.stringify(read)).not.toContain('"token"');
    expect(readAuthorization(read as never)).toEqual(responseSchema(operations.b2_authorize_account, 'v4').parse(one));
  });

  it('is flat in v1 and v2', () => {
    const allowed = { bucketId, bucketName: 'my-bucket', capabilities: ['readFiles'], namePrefix: 'a/' };
    const flat = { ...sizes, ...urls, accountId, authorizationToken: 'token', allowed };
    expect(printAuthorization(one, 'v2')).toEqual(flat);
    expect(printAuthorization(one, 'v1')).toEqual({ ...flat, minimumPartSize: 100_000_000 });
  });

  it('shows one bucket, or null, in v3', () => {
    expect(printAuthorization(one, 'v3')).toHaveProperty('apiInfo.storageApi.bucketId', bucketId);
    expect(printAuthorization(authorization(null), 'v3')).toHaveProperty('apiInfo.storageApi.bucketId', null);
    expect(printAuthorization(one, 'v3')).toHaveProperty('apiInfo.storageApi.infoType', 'storageApi');
  });

  it('has no form before v4 for several buckets', () => {
    const two = authorization([
      { id: bucketId, name: 'my-bucket' },
      { id: bucketId, name: null },
    ]);
    expect(printAuthorization(two, 'v4')).toBe(two);
    expect(() => printAuthorization(two, 'v3')).toThrow(RangeError);
  });
});

describe('a key', () => {
  const key: WireKey = {
    accountId,
    applicationKeyId: '002d2e6b27577ea000000000c',
    bucketIds: [bucketId],
    capabilities: ['readFiles'],
    expirationTimestamp: null,
    keyName: 'key',
    namePrefix: null,
    options: ['s3'],
  };

  it('has bucketId before v4', () => {
    const { bucketIds: _, ...rest } = key;
    expect(printKeyV3(key)).toEqual({ ...rest, bucketId });
    expect(printKeyV3({ ...key, bucketIds: null })).toEqual({ ...rest, bucketId: null });
    expect(responseSchema(operations.b2_delete_key, 'v2').parse(printKeyV3(key))).toEqual({ ...rest, bucketId });
    expect(responseSchema(operations.b2_delete_key, 'v4').parse(key)).toEqual(key);
  });

  it('of several buckets is of v4 only', () => {
    const bucketIds = [bucketId, bucketId];
    expect(canShowKey(bucketIds, 'v3')).toBe(false);
    expect(canShowKey(bucketIds, 'v4')).toBe(true);
    expect(canShowKey(null, 'v1')).toBe(true);
    expect(() => printKeyV3({ ...key, bucketIds })).toThrow(RangeError);
  });
});

describe('a file', () => {
  const marker: WireHideMarker = {
    ...hideMarkerContent,
    accountId,
    action: 'hide',
    bucketId,
    fileId,
    fileInfo: {},
    fileName: 'a',
    uploadTimestamp: 1000,
  };

  it('has size besides contentLength in v1', () => {
    expect(printListedFile(marker, 'v1')).toEqual({ ...marker, size: 0 });
    expect(printListedFile(marker, 'v2')).toBe(marker);
    expect(wireFile.parse(printListedFile(marker, 'v1'))).toEqual({ ...marker, size: 0 });
  });

  it('that is stored has encryption and locks', () => {
    expect(wireFile.safeParse({ ...marker, action: 'upload' }).success).toBe(false);
    expect(wireFile.safeParse({ ...marker, action: 'folder' }).success).toBe(false);
    expect(wireFile.safeParse({ ...marker, action: 'other' }).success).toBe(false);
  });
});

describe('printReplication', () => {
  it('is null if nothing is configured', () => {
    expect(printReplication(undefined)).toBeNull();
    expect(printReplication({ asReplicationSource: null })).toBeNull();
    const asReplicationDestination = { sourceToDestinationKeyMapping: {} };
    expect(printReplication({ asReplicationDestination })).toEqual({
      asReplicationSource: null,
      asReplicationDestination,
    });
  });
});

describe('printJson', () => {
  it('sorts members at all levels and leaves text as it is', () => {
    const value = { b: [{ d: 1, c: null }], a: 'über "自" \n', '10': 1, '2': 2, B: undefined };
    expect(printJson(value)).toBe('{"10":1,"2":2,"a":"über \\"自\\" \\n","b":[{"c":null,"d":1}]}');
  });

  it('is JSON of the same value', () => {
    const value: unknown = JSON.parse('{"__proto__":{"b":1},"a":[1,true,"x",[]],"e":{}}');
    expect(JSON.parse(printJson(value))).toEqual(value);
    expect(printJson([undefined, new Date(0)])).toBe('[null,"1970-01-01T00:00:00.000Z"]');
    expect(printJson(undefined)).toBe('null');
  });
});

describe('printJsonInPieces', () => {
  const object = fc.dictionary(fc.string(), fc.oneof(fc.array(fc.jsonValue(), { maxLength: 7 }), fc.jsonValue()));
  test.prop([object, fc.integer({ min: 1, max: 4 })])('is the same text, cut', (value, rows) => {
    expect([...printJsonInPieces(value, rows)].join('')).toBe(printJson(value));
  });

  it('leaves out what is undefined, and cuts lists only', () => {
    expect([...printJsonInPieces({ b: 'x', a: undefined }, 1)].join('')).toBe('{"b":"x"}');
    expect([...printJsonInPieces({ a: [1, 2, 3] }, 2)]).toEqual(['{"a":', '[1,2', ',3', ']', '}']);
  });

  it('gives out what was printed before in its place', () => {
    const printed = new Date(0);
    const isPrinted = (member: unknown) => member instanceof Date;
    expect([...printJsonInPieces({ c: 1, b: printed, a: 2 }, 1, isPrinted)]).toEqual([
      '{"a":2',
      ',"b":',
      printed,
      ',"c":1',
      '}',
    ]);
  });
});

describe('the tables', () => {
  it('know versions', () => {
    expect(parseApiVersion('v3')).toBe('v3');
    expect(parseApiVersion('v5')).toBeUndefined();
    expect(parseApiVersion('3')).toBeUndefined();
  });

  it('know statuses', () => {
    expect(statusOf('access_denied')).toBe(403);
    expect(statusOf('range_not_satisfiable')).toBe(416);
    expect(isB2ErrorCode('constructor')).toBe(false);
    for (const code of Object.keys(b2ErrorCodes) as B2ErrorCode[]) expect(statusOf(code)).toBeGreaterThanOrEqual(400);
  });

  it('know capabilities', () => {
    expect(capabilityNames).toHaveLength(Object.keys(capabilities).length);
    expect(isCapability('readFiles')).toBe(true);
    expect(isCapability('toString')).toBe(false);
    const onlyOnAccount = capabilityNames.filter((name) => !isAllowedOnBucketKey(name));
    expect(onlyOnAccount).toEqual(['listKeys', 'writeKeys', 'deleteKeys', 'writeBuckets', 'deleteBuckets']);
  });
});
