import type * as z from 'zod';

/** 12 hex digits. */
export type AccountId = string & z.$brand<'AccountId'>;
/** 24 hex digits. */
export type BucketId = string & z.$brand<'BucketId'>;
/** See {@link parseFileId}; for clients opaque, URL-safe, at most 200 characters. */
export type FileId = string & z.$brand<'FileId'>;
/** 25 hex digits, or, of a master key, the account id. */
export type ApplicationKeyId = string & z.$brand<'ApplicationKeyId'>;

const accountId = /^[0-9a-f]{12}$/;
const bucketId = /^[0-9a-f]{24}$/;
const applicationKeyId = /^(?:[0-9a-f]{12}|[0-9a-f]{25})$/;

/** Whether the text has the shape of an account id. */
export function isAccountId(text: string): text is AccountId {
  return accountId.test(text);
}

/** Whether the text has the shape of a bucket id. */
export function isBucketId(text: string): text is BucketId {
  return bucketId.test(text);
}

/** Whether the text has the shape of an application key id. */
export function isApplicationKeyId(text: string): text is ApplicationKeyId {
  return applicationKeyId.test(text);
}

/** The text as an account id; undefined if it has another shape. */
export function parseAccountId(text: string): AccountId | undefined {
  return isAccountId(text) ? text : undefined;
}

/** The text as a bucket id; undefined if it has another shape. */
export function parseBucketId(text: string): BucketId | undefined {
  return isBucketId(text) ? text : undefined;
}

/** The text as an application key id; undefined if it has another shape. */
export function parseApplicationKeyId(text: string): ApplicationKeyId | undefined {
  return isApplicationKeyId(text) ? text : undefined;
}
