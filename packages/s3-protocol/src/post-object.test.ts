import { encodeBase64 } from '@coffer/bytes';
import { deriveSigningKey, signatureWith } from '@coffer/sigv4';
import { beforeEach, expect, it } from 'vitest';
import { customerKey } from './test-support/customer-keys.ts';
import { TestServer, type Answer } from './test-support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.inMemory();
  await server.createBucket('bucket');
});

const utf8 = new TextEncoder();

interface Form {
  readonly key?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly conditions?: readonly unknown[];
  readonly expiration?: string;
  readonly signer?: TestServer['key'];
  readonly file?: string;
}

/** Sends a form with a policy that is signed by the server's key, unless it says otherwise. */
function post(form: Form, altered: (fields: Map<string, string>) => void = () => undefined): Promise<Answer> {
  const { key = 'user/${filename}', fields = {}, file = 'hello', signer = server.key } = form;
  const stamp = new Date(server.now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = { date: stamp.slice(0, 8), region: 'us-east-1' };
  const signing = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${signer.id}/${scope.date}/${scope.region}/s3/aws4_request`,
    'x-amz-date': stamp,
  };
  const exact = Object.entries({ ...fields, ...signing }).map(([name, value]) => ({ [name]: value }));
  const conditions = [{ bucket: 'bucket' }, ['starts-with', '$key', 'user/'], ...exact, ...(form.conditions ?? [])];
  const expiration = form.expiration ?? new Date(server.now + 60_000).toISOString();
  const policy = encodeBase64(utf8.encode(JSON.stringify({ expiration, conditions })));
  const signature = deriveSigningKey(signer.secret, scope);
  const all: Record<string, string> = { key, ...fields, ...signing, policy };
  all['x-amz-signature'] = signatureWith(signature, policy);
  signature.wipe();
  const sent = new Map(Object.entries(all));
  altered(sent);
  const parts = [...sent].map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const body = `${parts.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="a b.txt"\r\n\r\n${file}\r\n--b--\r\n`;
  const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
  return server.send({ method: 'POST', target: '/bucket', headers, body, key: null });
}

it('a form stores its file under the policy of whoever signed it', async () => {
  const stored = await post({ fields: { 'Content-Type': 'text/plain', 'x-amz-meta-colour': 'red' } });
  expect([stored.status, stored.headers.get('location')]).toEqual([204, 'http://localhost/bucket/user/a%20b.txt']);
  const read = await server.ok({ target: '/bucket/user/a%20b.txt' });
  expect([read.text, read.headers.get('content-type'), read.headers.get('x-amz-meta-colour')]).toEqual([
    'hello',
    'text/plain',
    'red',
  ]);
  expect(server.events.at(-2)).toMatchObject({ operation: 'PostObject', keyId: server.key.id, status: 204 });
});

it('answers as the form asks', async () => {
  const created = await post({ fields: { success_action_status: '201' } });
  expect(created.status).toBe(201);
  expect(created.text).toContain('<Location>http://localhost/bucket/user/a%20b.txt</Location>');
  const redirected = await post({ fields: { success_action_redirect: 'https://app.example/done?x=1' } });
  expect([redirected.status, redirected.headers.get('location')]).toEqual([
    303,
    'https://app.example/done?x=1&bucket=bucket&key=user%2Fa+b.txt&etag=%225d41402abc4b2a76b9719d911017c592%22',
  ]);
});

it('encrypts as the form asks', async () => {
  const sse = await post({ fields: { 'x-amz-server-side-encryption': 'AES256' } });
  expect(sse.headers.get('x-amz-server-side-encryption')).toBe('AES256');
  const key = customerKey(1);
  server.secrets.push(...key.secrets);
  const stored = await post({ fields: key.headers });
  expect(stored.headers.get('x-amz-server-side-encryption-customer-key-md5')).toBe(key.md5);
  await server.refused({ target: '/bucket/user/a%20b.txt' }, { code: 'InvalidRequest' });
  expect((await server.ok({ target: '/bucket/user/a%20b.txt', headers: key.headers })).text).toBe('hello');
});

it.each<[string, Form, ((fields: Map<string, string>) => void) | undefined, number, string]>([
  ['another key than the policy allows', { key: 'other/a' }, undefined, 403, 'AccessDenied'],
  ['a field that the policy does not have', {}, (fields) => fields.set('x-amz-meta-a', 'b'), 403, 'AccessDenied'],
  ['an expired policy', { expiration: '2023-11-14T00:00:00.000Z' }, undefined, 403, 'AccessDenied'],
  ['a file that is too long', { conditions: [['content-length-range', 0, 4]] }, undefined, 400, 'EntityTooLarge'],
  ['a file that is too short', { conditions: [['content-length-range', 6, 9]] }, undefined, 400, 'EntityTooSmall'],
  [
    'an altered policy',
    {},
    (fields) => fields.set('policy', encodeBase64(utf8.encode('{}'))),
    403,
    'SignatureDoesNotMatch',
  ],
  ['no signature', {}, (fields) => fields.delete('x-amz-signature'), 400, 'InvalidArgument'],
  [
    'no policy at all',
    {},
    (fields) => {
      for (const name of fields.keys()) if (name !== 'key') fields.delete(name);
    },
    403,
    'AccessDenied',
  ],
])('%s is refused, and nothing is stored', async (_, form, altered, status, code) => {
  const before = await server.snapshot();
  const answer = await post(form, altered);
  expect([answer.status, answer.code]).toEqual([status, code]);
  expect(await server.snapshot()).toEqual(before);
});

it('the key that signed needs the right to write there', async () => {
  const reader = await server.createKey(['readFiles']);
  const elsewhere = await server.createKey(['writeFiles'], { namePrefix: 'else/' });
  for (const signer of [reader, elsewhere]) expect((await post({ signer })).code).toBe('AccessDenied');
});
