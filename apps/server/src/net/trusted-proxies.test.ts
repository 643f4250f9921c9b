import type { HttpPeer } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { expect, it } from 'vitest';
import { addressRanges } from './addresses.ts';
import { behindProxies } from './trusted-proxies.ts';

async function seen(peer: Partial<HttpPeer>, headers: Record<string, string>) {
  let found: HttpPeer | undefined;
  const handler = behindProxies(
    async (request) => {
      found = request.peer;
      return { status: 200, headers: [] };
    },
    addressRanges(['10.0.0.0/8', '127.0.0.0/8']),
  );
  const { status } = await handler(testRequest({ peer: { loopback: false, ...peer }, headers }));
  return { status, peer: found };
}

it('takes the client from a trusted proxy', async () => {
  const headers = { 'X-Forwarded-For': '127.0.0.1, 192.0.2.1', 'X-Forwarded-Proto': 'https' };
  const peer = { address: '192.0.2.1', loopback: false, secure: true };
  expect(await seen({ address: '::ffff:10.0.0.1' }, headers)).toEqual({ status: 200, peer });
  expect((await seen({ address: '127.0.0.1', loopback: true }, headers)).peer).toEqual(peer);
});

it('never takes a forwarded address for this machine', async () => {
  const { peer } = await seen({ address: '127.0.0.1', loopback: true }, { 'X-Forwarded-For': '127.0.0.1' });
  expect(peer).toEqual({ address: '127.0.0.1', loopback: false, secure: false });
});

it('hears nobody else', async () => {
  const headers = { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1;proto=https' };
  const { peer } = await seen({ address: '192.0.2.1' }, headers);
  expect(peer).toEqual({ address: '192.0.2.1', loopback: false, secure: false });
});

it('refuses what a trusted proxy hands on unclear', async () => {
  const headers = { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.9' };
  expect(await seen({ address: '10.0.0.1' }, headers)).toEqual({ status: 400, peer: undefined });
});
