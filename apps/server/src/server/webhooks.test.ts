import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertNoLeak, assertNoLeakInDirectory } from '@coffer/storage-testkit';
import { expect, it, onTestFinished } from 'vitest';
import { authorize, call } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const secret = 'abcdefghijABCDEFGHIJ012345678901';
const token = 'value-of-a-custom-header';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * A receiver on loopback. While it is down it hangs up on everybody: its port stays its own, which others could take
 * otherwise.
 */
async function receive(into: Received[], isDown: () => boolean = () => false): Promise<Server> {
  const server = createServer((request, response) => {
    if (isDown()) {
      request.socket.destroy();
      return;
    }
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      into.push({ headers: request.headers, body: Buffer.concat(pieces) });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function rulesFor(url: string) {
  return [
    {
      ...{ name: 'my-rule', eventTypes: ['b2:ObjectCreated:*'], isEnabled: true, objectNamePrefix: '' },
      maxEventsPerBatch: 10,
      targetConfiguration: {
        ...{ targetType: 'webhook', url },
        customHeaders: [{ name: 'X-Token', value: token }],
        hmacSha256SigningSecret: secret,
      },
    },
  ];
}

const namesOf = (received: readonly Received[]) =>
  received.flatMap(({ body }) =>
    (JSON.parse(body.toString()) as { events: { objectName: string }[] }).events.map(({ objectName }) => objectName),
  );

it('delivers signed webhooks, across an outage of the receiver and a restart of the server in between', async () => {
  const root = await temporaryDirectory();
  const received: Received[] = [];
  let isDown = false;
  const port = portOf(await receive(received, () => isDown));
  const webhooks = { webhookAllow: ['127.0.0.1'], webhookAllowHttp: true };
  const config = testConfig(root, { logLevel: 'debug', adminListen: '127.0.0.1:0', ...webhooks });
  const log = collectLog();

  const first = await start(config, { logDestination: log });
  const masterKey = first.masterKey!.expose((text) => text);
  const session = await authorize(first.urls.http!, first.masterKeyId, masterKey);
  const bucketId = await session.createBucket('my-bucket');
  const eventNotificationRules = rulesFor(`http://127.0.0.1:${port}/hook`);
  await session.api('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules });
  await session.upload(bucketId, 'one', Buffer.from('1'));
  await expect.poll(() => namesOf(received)).toEqual(['one']);
  const [{ headers, body } = {}] = received;
  const signature = createHmac('sha256', secret).update(body!).digest('hex');
  expect(headers).toMatchObject({ 'x-bz-event-notification-signature': `v1=${signature}`, 'x-token': token });

  isDown = true;
  await session.upload(bucketId, 'two', Buffer.from('2'));
  await expect.poll(() => log.text()).toContain('webhook failed');
  const metrics = await call(`${first.urls.admin!}/metrics`);
  expect(metrics.bytes.toString()).toContain('coffer_webhooks_total{outcome="delivered"} 1');
  expect(metrics.bytes.toString()).toMatch(/coffer_webhook_events_total\{outcome="failed"\} [1-9]/);
  await session.upload(bucketId, 'three', Buffer.from('3'));
  await first.close();

  isDown = false;
  const second = await start(config, { logDestination: log });
  await expect.poll(() => namesOf(received)).toEqual(['one', 'two', 'three']);
  await second.close();

  const secrets = { signing: Buffer.from(secret), header: Buffer.from(token) };
  assertNoLeak({ secrets }, { log: log.text() });
  await assertNoLeakInDirectory({ secrets }, root);
});

it('sends nothing to this machine, and takes no http URL, unless the operator says so', async () => {
  const received: Received[] = [];
  const receiver = await receive(received);
  const log = collectLog();
  const server = await start(testConfig(await temporaryDirectory()), { logDestination: log });
  const session = await authorize(
    server.urls.http!,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  const bucketId = await session.createBucket('my-bucket');
  const set = (url: string) =>
    session.api('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules: rulesFor(url) });
  await expect(set(`http://127.0.0.1:${portOf(receiver)}/`)).rejects.toThrow(/Answered with 400/);
  await set(`https://localhost:${portOf(receiver)}/`);
  await session.upload(bucketId, 'one', Buffer.from('1'));
  const refusal = 'The server does not send webhooks to the address of this URL';
  await expect.poll(() => log.text()).toContain(refusal);
  expect(received).toEqual([]);
});

it('shows what waits, and suspends a rule that fails when that is too much', async () => {
  const port = portOf(await receive([], () => true));
  const webhooks = { webhookAllow: ['127.0.0.1'], webhookAllowHttp: true, webhookBacklog: 1 };
  const config = testConfig(await temporaryDirectory(), { adminListen: '127.0.0.1:0', ...webhooks });
  const log = collectLog();
  const first = await start(config, { logDestination: log });
  const masterKey = first.masterKey!.expose((text) => text);
  const session = await authorize(first.urls.http!, first.masterKeyId, masterKey);
  const figures = async (server: typeof first) => (await call(`${server.urls.admin!}/metrics`)).bytes.toString();
  expect(await figures(first)).toContain('coffer_webhook_events_waiting 0');
  expect(await figures(first)).toContain('coffer_webhook_oldest_event_seconds 0');
  const bucketId = await session.createBucket('my-bucket');
  const eventNotificationRules = rulesFor(`http://127.0.0.1:${port}/hook`);
  await session.api('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules });
  for (const name of ['one', 'two']) await session.upload(bucketId, name, Buffer.from('1'));
  await expect.poll(() => log.text()).toContain('webhook failed');
  await first.close();
  // The first count is that of the start.
  const second = await start(config, { logDestination: log });
  await expect.poll(() => figures(second)).toContain('coffer_webhook_events_waiting 2');
  expect(await figures(second)).toMatch(/coffer_webhook_oldest_event_seconds \d/);
  await expect.poll(() => log.text()).toContain('webhook suspended');
  expect(log.text()).toContain('backlog: its deliveries fail, and more than 1 events wait');
  await second.close();
});
