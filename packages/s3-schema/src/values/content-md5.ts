import { decodeBase64 } from '@coffer/bytes';
import { S3Error } from './s3-error.ts';

const md5Length = 16;
const base64Length = 24;

/**
 * Reads `Content-MD5`: the 16 bytes that the MD5 of the body must be.
 *
 * @throws S3Error `InvalidDigest`
 */
export function parseContentMd5(text: string): Uint8Array {
  const digest = text.length === base64Length ? decodeBase64(text) : undefined;
  if (digest?.length === md5Length) return digest;
  throw new S3Error('InvalidDigest', { details: { 'Content-MD5': text } });
}
