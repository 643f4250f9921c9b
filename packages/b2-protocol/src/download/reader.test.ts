import type { BucketRecord } from '@coffer/storage-ports';
import { describe, expect, it } from 'vitest';
import { checkReader, type Reader } from './reader.ts';

const bucket = (type: BucketRecord['type']): BucketRecord => ({
  accountId: 'account',
  bucketId: 'bucket',
  name: 'my-bucket',
  type,
  info: {},
  corsRules: [],
  lifecycleRules: [],
  defaultEncryption: 'none',
  fileLockEnabled: false,
  defaultRetention: null,
  replication: null,
  notifies: false,
  revision: 2,
  createdAt: 0,
});
const authorization = {
  accountId: 'account',
  applicationKeyId: 'k',
  bucketId: 'bucket',
  namePrefix: 'p/',
  overrides: {},
};
const holder = (change: object): Reader => ({ kind: 'download', authorization: { ...authorization, ...change } });
const allows = (reader: Reader, type: BucketRecord['type'], name: string, by: 'id' | 'name' = 'name') => {
  try {
    checkReader(reader, { bucket: bucket(type), name, overrides: {}, by });
    return true;
  } catch {
    return false;
  }
};

describe('checkReader', () => {
  it('lets a download authorization reach its own place only', () => {
    expect(allows(holder({}), 'allPrivate', 'p/a')).toBe(true);
    expect(allows(holder({}), 'allPrivate', 'q/a')).toBe(false);
    expect(allows(holder({}), 'allPrivate', 'p/a', 'id')).toBe(false);
    expect(allows(holder({ bucketId: 'other' }), 'allPrivate', 'p/a')).toBe(false);
    expect(allows(holder({ accountId: 'other' }), 'allPrivate', 'p/a')).toBe(false);
  });

  it('lets anybody into a public bucket', () => {
    expect(allows({ kind: 'anonymous' }, 'allPublic', 'a', 'id')).toBe(true);
    expect(allows({ kind: 'anonymous' }, 'allPrivate', 'a')).toBe(false);
    expect(allows(holder({ bucketId: 'other' }), 'allPublic', 'a')).toBe(true);
    expect(allows(holder({ overrides: { contentType: 'a/b' } }), 'allPublic', 'p/a')).toBe(false);
  });
});
