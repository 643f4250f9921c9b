import type { HttpPeer } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { expect, it } from 'vitest';
import { collectLog } from '../test-support/temporary-place.ts';
import { createLogger } from './logger.ts';
import { warnOfPlainKeys } from './plain-key-warning.ts';

async function place() {
  const log = collectLog();
  const logger = await createLogger({ logLevel: 'info', logFormat: 'json', destination: log });
  const handler = warnOfPlainKeys(() => Promise.resolve({ status: 200, headers: [] }), logger);
  const send = (peer: Partial<HttpPeer>, authorization = 'Basic c2VjcmV0') =>
    handler(testRequest({ peer: { loopback: false, ...peer }, headers: { Authorization: authorization } }));
  return { send, warned: () => [...log.text().matchAll(/"peer":"([^"]*)"/g)].map(([, peer]) => peer), text: log.text };
}

it('warns once per address', async () => {
  const { send, warned, text } = await place();
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.1', '2001:db8::1', '2001:db8::2']) await send({ address });
  expect(warned()).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  expect(text()).not.toContain('c2VjcmV0');
});

it('does not warn of TLS, of this machine, or of tokens', async () => {
  const { send, warned } = await place();
  await send({ address: '192.0.2.1', secure: true });
  await send({ address: '127.0.0.1', loopback: true });
  await send({ address: '192.0.2.1' }, '4_token');
  expect(warned()).toEqual([]);
});

it('remembers so many addresses and no more', async () => {
  const { send, warned } = await place();
  for (let i = 0; i <= 10_000; i++) await send({ address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` });
  await send({ address: '10.0.0.1' });
  expect(warned()).toHaveLength(10_001);
  await send({ address: '10.0.0.0' });
  expect(warned()).toHaveLength(10_002);
});
