import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressPolicy, type AddressOptions, type LookupAll } from './address-policy.ts';
import { sendWebhook } from './send-webhook.ts';
import { Receiver } from './test-support/receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.open();
});
afterEach(() => receiver.close());

const body = new TextEncoder().encode('{}');

const send = (url: string, addresses: AddressOptions = {}, timeoutMilliseconds = 10_000) =>
  sendWebhook(
    { url, headers: { 'X-Test': 'yes' }, body },
    { policy: addressPolicy({ allowHttp: true, ...addresses }), timeoutMilliseconds },
  );

/** A resolver that gives these answers, one after the other. */
function resolving(...answers: readonly (readonly string[])[]): LookupAll {
  let calls = 0;
  return (_, __, callback) => {
    const answer = answers[Math.min(calls++, answers.length - 1)] ?? [];
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

const local = { allow: ['127.0.0.1'] };
const refusal = 'The server does not send webhooks to the address of this URL';

describe('a webhook', () => {
  it('is posted, with its headers and length', async () => {
    expect(await send(`${receiver.url}?a=b#c`, local)).toEqual({ delivered: true });
    const [request] = receiver.received;
    expect(request).toMatchObject({ path: '/hook?a=b', headers: { 'x-test': 'yes', 'content-length': '2' } });
    expect(request?.headers['host']).toBe(`127.0.0.1:${receiver.port}`);
  });

  it.each([200, 201, 204, 299])('is delivered with status %d', async (status) => {
    receiver.behaviour = status;
    expect(await send(receiver.url, local)).toEqual({ delivered: true });
  });

  it.each([400, 404, 429, 500, 503])('is not delivered with status %d', async (status) => {
    receiver.behaviour = status;
    expect(await send(receiver.url, local)).toEqual({
      delivered: false,
      reason: `The receiver answered with status ${status}`,
    });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect: %d', async (status) => {
    const elsewhere = await Receiver.open();
    receiver.behaviour = { status, location: elsewhere.url };
    expect(await send(receiver.url, local)).toEqual({
      delivered: false,
      reason: 'The receiver answered with a redirect, which is not followed',
    });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('is not delivered if no answer comes in time, or none at all', async () => {
    receiver.behaviour = 'silence';
    expect(await send(receiver.url, local, 100)).toEqual({
      delivered: false,
      reason: 'The receiver did not answer in time',
    });
    receiver.behaviour = 'hang up';
    expect(await send(receiver.url, local)).toEqual({
      delivered: false,
      reason: 'The connection to the receiver failed: ECONNRESET',
    });
    const { url } = receiver;
    await receiver.close();
    expect(await send(url, local)).toEqual({
      delivered: false,
      reason: 'The connection to the receiver failed: ECONNREFUSED',
    });
    receiver = await Receiver.open();
  });

  it('is delivered though the answer goes on without end', async () => {
    receiver.behaviour = 'endless';
    expect(await send(receiver.url, local)).toEqual({ delivered: true });
  });
});

describe('https', () => {
  it('wants a certificate of an authority that is known, for the name in the URL', async () => {
    const altNames = [{ type: 2 as const, value: 'hooks.example' }];
    const made = await generate([{ name: 'commonName', value: 'hooks.example' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    const secure = await Receiver.open({ tls: { key: made.private, cert: made.cert } });
    const policy = addressPolicy({ ...local, lookup: resolving(['127.0.0.1']) });
    const post = (host: string, ca?: string) =>
      sendWebhook(
        { url: `https://${host}:${secure.port}/`, headers: {}, body },
        { policy, timeoutMilliseconds: 10_000, ...(ca !== undefined && { ca }) },
      );
    expect(await post('hooks.example', made.cert)).toEqual({ delivered: true });
    const failed = 'The connection to the receiver failed: ';
    expect(await post('other.example', made.cert)).toMatchObject({ reason: `${failed}ERR_TLS_CERT_ALTNAME_INVALID` });
    expect(await post('hooks.example')).toMatchObject({ reason: `${failed}DEPTH_ZERO_SELF_SIGNED_CERT` });
    expect(secure.received.length).toBe(1);
    await secure.close();
  });
});

describe('addresses', () => {
  it.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://localhost',
    'http://LOCALHOST',
    'http://127.0.0.1.',
    'http://169.254.169.254',
    'http://10.0.0.1',
    'http://[fd00:ec2::254]',
    'http://[fe80::1]',
    'http://\uff11\uff12\uff17.0.0.1',
  ])('%s is refused', async (host) => {
    expect(await send(`${host}:${receiver.port}/`)).toEqual({ delivered: false, reason: refusal });
    expect(receiver.received).toEqual([]);
  });

  it('http is refused unless it is allowed', async () => {
    expect(await send(receiver.url, { ...local, allowHttp: false })).toEqual({
      delivered: false,
      reason: 'The server sends webhooks to https URLs only',
    });
    for (const url of ['ftp://127.0.0.1/', 'file:///etc/passwd', 'javascript:0'])
      expect(await send(url, local)).toMatchObject({ delivered: false });
    expect(receiver.received).toEqual([]);
  });

  it('a name is refused if it resolves to what is not allowed', async () => {
    for (const answer of [['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['10.0.0.1', '169.254.169.254']]) {
      const result = await send(`http://hooks.example:${receiver.port}/`, { lookup: resolving(answer) });
      expect(result).toEqual({ delivered: false, reason: refusal });
    }
    expect(receiver.received).toEqual([]);
  });

  it('of a name’s addresses only those that are allowed are connected to', async () => {
    const lookup = resolving(['10.255.255.1', '127.0.0.1', '::1']);
    expect(await send(`http://hooks.example:${receiver.port}/`, { ...local, lookup })).toEqual({ delivered: true });
    expect(receiver.received[0]?.headers['host']).toBe(`hooks.example:${receiver.port}`);
  });

  it('the address that was checked is the one connected to: a name that resolves otherwise later gains nothing', async () => {
    // The first answer would be the check, the second the connection, if they were two look-ups.
    const lookup = resolving(['127.0.0.1'], ['127.0.0.2']);
    const url = `http://rebinding.example:${receiver.port}/`;
    expect(await send(url, { ...local, lookup })).toEqual({ delivered: true });
    expect(await send(url, { ...local, lookup })).toEqual({ delivered: false, reason: refusal });
    expect(receiver.received.length).toBe(1);
  });

  it('a host on the list may have any address', async () => {
    const options = { allow: ['hooks.example'], lookup: resolving(['127.0.0.1']) };
    expect(await send(`http://hooks.example:${receiver.port}/`, options)).toEqual({ delivered: true });
    expect(await send(`http://other.example:${receiver.port}/`, options)).toMatchObject({ reason: refusal });
  });

  it('a name that does not resolve is told by its code', async () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const lookup: LookupAll = (_, __, callback) => {
      callback(error, []);
    };
    expect(await send('https://nothing.example/', { lookup })).toEqual({
      delivered: false,
      reason: 'The connection to the receiver failed: ENOTFOUND',
    });
  });
});
