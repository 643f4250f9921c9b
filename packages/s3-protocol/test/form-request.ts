import { encodeBase64 } from '@coffer/bytes';
import { deriveSigningKey, signatureWith } from '@coffer/sigv4';
import type { ServerRequest, TestServer } from '../src/test-support/test-server.ts';

const encoder = new TextEncoder();

/** The request of a browser whose form stores a file under a key, with a policy that the server's key signed. */
export function formRequest(server: TestServer, bucket: string, key: string, file: string): ServerRequest {
  const stamp = new Date(server.now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = { date: stamp.slice(0, 8), region: 'us-east-1' };
  const signing = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${server.key.id}/${scope.date}/${scope.region}/s3/aws4_request`,
    'x-amz-date': stamp,
  };
  const conditions = [{ bucket }, { key }, ...Object.entries(signing).map(([name, value]) => ({ [name]: value }))];
  const expiration = new Date(server.now + 60_000).toISOString();
  const policy = encodeBase64(encoder.encode(JSON.stringify({ expiration, conditions })));
  const signingKey = deriveSigningKey(server.key.secret, scope);
  const fields = { key, ...signing, policy, 'x-amz-signature': signatureWith(signingKey, policy) };
  signingKey.wipe();
  const named = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const parts = Object.entries(fields).map(([name, value]) => named(name, value));
  const body = `${parts.join('')}${named('file"; filename="f', file)}--b--\r\n`;
  const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
  return { method: 'POST', target: `/${bucket}`, headers, body, key: null };
}
