import * as z from 'zod';

/**
 * Ids in responses. A client that reads a response gets branded ids, ready for its next request; a server that writes
 * one gives plain text. Ids of other servers may have another shape, so only their type is checked.
 */
export const wireAccountId = z.string().brand<'AccountId'>();
export const wireBucketId = z.string().brand<'BucketId'>();
export const wireFileId = z.string().brand<'FileId'>();
export const wireApplicationKeyId = z.string().brand<'ApplicationKeyId'>();
