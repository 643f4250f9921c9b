import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { SecretString } from '@coffer/bytes';
import { createVerifier, openPayload, sha256Hex, SigV4Error, sigV4ErrorStatus, signRequest } from '@coffer/sigv4';

// Server: whose keys there are, and in which regions it is. A new version for every new secret.
const secrets = new Map([['a-key-id', { version: '1', openSecret: () => SecretString.of('an example secret') }]]);
const verifier = createVerifier({
  regions: ['us-west-004'],
  lookup: (accessKeyId) => Promise.resolve(secrets.get(accessKeyId)),
});

async function answer(request: IncomingMessage): Promise<string> {
  // Headers as they came: `request.headers` has joined some and dropped others.
  const raw = request.rawHeaders;
  const headers = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  const verified = await verifier.verify({ method: request.method ?? '', target: request.url ?? '', headers });
  if (verified.kind === 'anonymous') throw new SigV4Error('AccessDenied', 'Access Denied');
  let bytes = 0;
  // What is read here counts only if the loop ends without an error.
  for await (const piece of openPayload(verified, request).stream) bytes += piece.length;
  return `${verified.accessKeyId} sent ${bytes} bytes`;
}

const server = createServer((request, response) => {
  answer(request).then(
    (text) => response.end(text),
    (error: unknown) => {
      response.statusCode = error instanceof SigV4Error ? sigV4ErrorStatus[error.code] : 500;
      response.end(error instanceof SigV4Error ? error.code : 'InternalError');
    },
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
assert(typeof address === 'object' && address !== null);
const host = `127.0.0.1:${address.port}`;

// Client: signs the target as it will be sent, and all headers that are given.
const target = '/bucket/a%20file.txt';
const { headers } = signRequest(
  { method: 'PUT', target, headers: [['Host', host]] },
  {
    accessKeyId: 'a-key-id',
    secret: SecretString.of('an example secret'),
    region: 'us-west-004',
    payload: { kind: 'sha256', sha256: sha256Hex('Hello') },
  },
);
const send = async (body: string) => {
  const response = await fetch(`http://${host}${target}`, {
    method: 'PUT',
    body,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
  return [response.status, await response.text()];
};
assert.deepEqual(await send('Hello'), [200, 'a-key-id sent 5 bytes']);
assert.deepEqual(await send('Hullo'), [400, 'XAmzContentSHA256Mismatch']);

server.closeAllConnections();
server.close();
