import { SecretString } from '@coffer/bytes';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Answer } from './answer.ts';
import { downloadB2, pathOfId, uploadB2, uploadPlaceB2, type B2Session } from './b2-endpoint.ts';
import { createHttpTransport } from './http-transport.ts';
import { S3Endpoint } from './s3-endpoint.ts';
import type { Transport } from './transport.ts';

const session: B2Session = {
  ...{ accountId: 'me', apiUrl: 'http://b2.example', downloadUrl: 'http://b2.example', token: 't', minimumPartSize: 5 },
};
const connectionError = expect.objectContaining({ name: 'ConformanceError', code: 'connection' }) as unknown;
const nothing = new Uint8Array();

function answering(document: object): Transport {
  const body = new TextEncoder().encode(JSON.stringify(document));
  return () => Promise.resolve({ status: 200, headers: new Map(), body });
}

it.each(['no URL', 'ftp://b2.example/upload', 'http://'])(
  'cannot upload to %s, which the endpoint named',
  async (uploadUrl) => {
    const send = answering({ uploadUrl, authorizationToken: 't' });
    const place = await uploadPlaceB2(send, session, { bucketId: 'b' });
    if (place instanceof Answer) throw new Error('no place was told');
    await expect(uploadB2(send, place, {}, nothing)).rejects.toEqual(connectionError);
  },
);

it('asks for an id that has half a surrogate pair', async () => {
  const targets: string[] = [];
  const send: Transport = ({ target }) => {
    targets.push(target);
    return Promise.resolve({ status: 404, headers: new Map(), body: nothing });
  };
  await downloadB2(send, session, 'GET', pathOfId('a\ud800b'), {});
  expect(targets).toEqual(['/b2api/v3/b2_download_file_by_id?fileId=a%EF%BF%BDb']);
});

it('cannot sign a header that has a line break', async () => {
  const [origin, secret] = ['http://s3.example', SecretString.of('x')];
  const account = { origin, bucketDomain: 's3.example', region: 'r', accessKeyId: 'me', secret };
  const request = { method: 'GET', bucket: 'b', key: 'k', headers: { 'if-match': 'a\r\nb' } };
  await expect(new S3Endpoint(account, answering({})).request(request)).rejects.toEqual(connectionError);
});

it.each([
  ['a header', { headers: [['x', 'a\r\nb']] as const, target: '/' }],
  ['a path', { headers: [], target: '/a b' }],
  ['an origin', { headers: [], target: '/', origin: 'null' }],
])('cannot send %s that Node refuses', async (_, fields) => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpTransport();
  onTestFinished(() => {
    http.close();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(http.send({ method: 'GET', origin, body: nothing, ...fields })).rejects.toEqual(connectionError);
});
