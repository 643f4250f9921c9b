import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scenarios } from '../harness/scenario.ts';
import { upload } from '../harness/stored-files.ts';

interface PrintedRule {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isSuspended: boolean;
  readonly eventTypes: readonly string[];
  readonly objectNamePrefix: string;
  readonly targetConfiguration: { readonly url: string };
}

interface Event {
  readonly eventType: string;
  readonly objectName: string;
  readonly objectSize: number;
  readonly bucketName: string;
  readonly matchedRuleName: string;
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const deliveryLimit = { timeout: 60_000 };

scenarios(
  'notification rules',
  (world) => {
    const received: Received[] = [];
    let receiver: Server;
    beforeEach(async () => {
      received.length = 0;
      receiver = createServer((request, response) => {
        const pieces: Buffer[] = [];
        request.on('data', (piece: Buffer) => pieces.push(piece));
        request.on('end', () => {
          received.push({ headers: request.headers, body: Buffer.concat(pieces) });
          response.end();
        });
      });
      receiver.listen(0, '127.0.0.1');
      await once(receiver, 'listening');
    });
    afterEach(() => void receiver.close());

    const rule = (command: string, bucket: string, name: string, ...options: readonly string[]) =>
      world().b2.ok(['bucket', 'notification-rule', command, bucket, name, ...options]);

    const list = async (bucket: string): Promise<readonly PrintedRule[]> =>
      (await world().b2.json(['bucket', 'notification-rule', 'list', '--json', bucket])) as PrintedRule[];

    const events = (): readonly Event[] =>
      received.flatMap(({ body }) => (JSON.parse(body.toString()) as { events: Event[] }).events);

    test('create, list, update, disable, enable and delete', async () => {
      const bucket = `b2://${await world().bucket()}`;
      expect(await world().b2.ok(['bucket', 'notification-rule', 'list', bucket])).toContain('No notification rules');
      const url = ['--webhook-url', 'https://example.com/hook'];
      await rule('create', `${bucket}/photos/`, 'photo-rule', '--event-type', 'b2:ObjectCreated:*', ...url);
      await rule('create', bucket, 'all-deletes', '--event-type', 'b2:ObjectDeleted:Delete', ...url);
      expect(await list(bucket)).toMatchObject([
        { name: 'all-deletes', eventTypes: ['b2:ObjectDeleted:Delete'], objectNamePrefix: '' },
        { name: 'photo-rule', eventTypes: ['b2:ObjectCreated:*'], objectNamePrefix: 'photos/', isSuspended: false },
      ]);
      const types = ['b2:ObjectCreated:Upload', 'b2:ObjectCreated:Copy'];
      const typeOptions = types.flatMap((type) => ['--event-type', type]);
      await rule('update', `${bucket}/pictures/`, 'photo-rule', ...typeOptions, '--disable');
      expect((await list(bucket))[1]).toMatchObject({
        ...{ eventTypes: types, objectNamePrefix: 'pictures/', isEnabled: false },
        targetConfiguration: { url: 'https://example.com/hook' },
      });
      await rule('enable', bucket, 'photo-rule');
      expect((await list(bucket))[1]).toMatchObject({ isEnabled: true });
      await rule('disable', bucket, 'photo-rule');
      await rule('delete', bucket, 'photo-rule');
      expect((await list(bucket)).map(({ name }) => name)).toEqual(['all-deletes']);
    });

    test('overlapping types and prefixes, and unknown types are refused', async () => {
      const bucket = `b2://${await world().bucket()}`;
      const create = (at: string, name: string, ...types: readonly string[]) => [
        ...['bucket', 'notification-rule', 'create', at, name, '--webhook-url', 'https://example.com/'],
        ...types.flatMap((type) => ['--event-type', type]),
      ];
      const { b2 } = world();
      const refusals = [['b2:ObjectCreated:*', 'b2:ObjectCreated:Upload'], ['b2:ObjectHidden:*']];
      for (const types of refusals) expect(await b2.refused(create(bucket, 'some-rule', ...types))).toContain('ERROR');
      await b2.ok(create(`${bucket}/a/`, 'rule-of-a', 'b2:ObjectCreated:*'));
      expect(await b2.refused(create(`${bucket}/a/b`, 'rule-of-b', 'b2:ObjectCreated:Copy'))).toContain('overlap');
      expect((await list(bucket)).map(({ name }) => name)).toEqual(['rule-of-a']);
    });

    test('types of several categories may be in one rule', async () => {
      const bucket = `b2://${await world().bucket()}`;
      const types = ['b2:ObjectCreated:*', 'b2:ObjectDeleted:*'];
      const typeOptions = types.flatMap((type) => ['--event-type', type]);
      await rule('create', bucket, 'both-rule', ...typeOptions, '--webhook-url', 'https://example.com/');
      expect(await list(bucket)).toMatchObject([{ name: 'both-rule', eventTypes: types }]);
    });

    test('what the tool uploads and removes arrives as signed webhooks', async () => {
      const secret = randomBytes(16).toString('hex');
      world().leaks.applicationKey(secret);
      const name = await world().bucket();
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      const options = ['--webhook-url', url, '--sign-secret', secret, '--custom-header', 'X-Token=a value'];
      await rule('create', `b2://${name}/photos/`, 'new-photos', '--event-type', 'b2:ObjectCreated:*', ...options);
      await rule('create', `b2://${name}`, 'old-photos', '--event-type', 'b2:ObjectDeleted:*', ...options);
      const { modes } = world();
      await upload(world(), name, world().file('other', 10), 'other', modes.none);
      await upload(world(), name, world().secretFile('cat', 1_000), 'photos/cat.jpg', modes.sseC1);
      await expect.poll(() => events().length, deliveryLimit).toBe(1);
      await world().b2.ok(['rm', `b2://${name}/photos/cat.jpg`]);
      await expect.poll(() => events().length, deliveryLimit).toBe(2);
      expect(events()).toMatchObject([
        { eventType: 'b2:ObjectCreated:Upload', matchedRuleName: 'new-photos', bucketName: name, objectSize: 1_000 },
        { eventType: 'b2:ObjectDeleted:Delete', matchedRuleName: 'old-photos', objectName: 'photos/cat.jpg' },
      ]);
      for (const { headers, body } of received) {
        const signature = createHmac('sha256', secret).update(body).digest('hex');
        expect(headers['x-bz-event-notification-signature']).toBe(`v1=${signature}`);
        expect(headers['x-token']).toBe('a value');
      }
    });
  },
  ['--webhook-allow', '127.0.0.1', '--webhook-allow', 'hooks.internal', '--webhook-allow-http'],
);
