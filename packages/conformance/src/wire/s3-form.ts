import { deriveSigningKey, signatureWith } from '@coffer/sigv4';
import type { S3Account } from './s3-signing.ts';
import type { WireRequest } from './transport.ts';

/** A form of a browser, as its fields. */
export interface S3Form {
  readonly bucket: string;
  readonly key: string;
  readonly content: Uint8Array;
  /** Fields beside those of key, policy and signature. */
  readonly fields: Readonly<Record<string, string>>;
  /** The names of those that the policy allows. */
  readonly allowed: readonly string[];
}

const boundary = 'conformance-boundary-7f3a';
/** Milliseconds for which a policy is valid; the form is posted at once. */
const validMs = 300_000;

/**
 * The form with its signed policy ("Browser-Based Uploads Using POST", Amazon S3 API Reference). The policy allows the
 * form exactly as it is, less the fields that are not to be allowed.
 */
export function signedForm(
  { bucket, key, content, fields, allowed }: S3Form,
  { origin, region, accessKeyId, secret }: S3Account,
): WireRequest {
  const now = new Date();
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const date = timestamp.slice(0, 8);
  const signing = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${accessKeyId}/${date}/${region}/s3/aws4_request`,
    'x-amz-date': timestamp,
  };
  const shown = Object.entries(fields).filter(([name]) => allowed.includes(name));
  const conditions = [['bucket', bucket], ['key', key], ...Object.entries(signing), ...shown].map(
    ([name = '', value = '']) => ['eq', `$${name}`, value],
  );
  const text = JSON.stringify({ expiration: new Date(now.getTime() + validMs).toISOString(), conditions });
  const policy = Buffer.from(text).toString('base64');
  const signingKey = deriveSigningKey(secret, { date, region });
  const signature = signatureWith(signingKey, policy);
  signingKey.wipe();
  const sent = { key, ...fields, ...signing, policy, 'x-amz-signature': signature };
  const body = multipartBody(sent, content);
  const headers = [
    ['host', new URL(origin).host],
    ['content-type', `multipart/form-data; boundary=${boundary}`],
    ['content-length', String(body.length)],
  ] as const;
  return { method: 'POST', origin, target: `/${bucket}`, headers, body };
}

function multipartBody(fields: Readonly<Record<string, string>>, content: Uint8Array): Uint8Array {
  const begin = (name: string): string => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
  const parts = Object.entries(fields).map(([name, value]) => `${begin(name)}\r\n\r\n${value}\r\n`);
  const file = `${begin('file')}; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(parts.join('') + file), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
