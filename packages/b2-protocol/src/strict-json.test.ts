import { operationNames, operations, type OperationRow } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { customerKey } from './test-support/customer-keys.ts';
import { TestServer } from './test-support/test-server.ts';
import { validCalls } from './test-support/valid-calls.ts';

const refused = { status: 400, code: 'bad_request' } as const;

/** Sends a text as the body, or in the query, of a call. */
function sending(server: TestServer, name: string) {
  const headers = { Authorization: server.masterToken };
  const target = `/b2api/v4/${name}`;
  return {
    body: (body: string) => () => server.send({ method: 'POST', target, headers, body }),
    query: (query: string) => () => server.send({ target: `${target}?${query}`, headers }),
  };
}

const readsJson = operationNames.filter((name) => {
  const row: OperationRow = operations[name];
  return row.kind === 'json' && !('ignoresBody' in row);
});

describe('JSON with a key that comes twice', () => {
  it.each(readsJson)('is refused by %s', async (name) => {
    const server = await TestServer.inMemory();
    const calls = await validCalls(server);
    const fields = JSON.stringify(calls[name as keyof typeof calls]);
    const [, key = ''] = /^\{"(\w+)":/.exec(fields) ?? [];
    const message = `${key}: the key is given more than once`;
    const twice = `${fields.slice(0, -1)},"${key}":null}`;
    await server.refused(sending(server, name).body(twice), { ...refused, message });
  });

  it('is refused within a setting of encryption, and without its key in the answer', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const { json, secrets } = customerKey(1);
    server.secrets.push(...secrets);
    const setting = `${JSON.stringify(json).slice(0, -1)},"mode":"SSE-B2"}`;
    const body = `{"bucketId":"${bucketId}","fileName":"a","contentType":"a/b","serverSideEncryption":${setting}}`;
    await server.refused(sending(server, 'b2_start_large_file').body(body), {
      ...refused,
      message: 'serverSideEncryption.mode: the key is given more than once',
    });
  });

  it.each([
    ['bucketInfo', '{"a":"1","a":"2"}', 'bucketInfo.a'],
    ['lifecycleRules', '[{"fileNamePrefix":"a","fileNamePrefix":""}]', 'lifecycleRules[0].fileNamePrefix'],
    [
      'replicationConfiguration',
      '{"asReplicationSource":{"x":1,"x":2}}',
      'replicationConfiguration.asReplicationSource.x',
    ],
  ])('is refused in %s, in a body and in a query', async (field, json, path) => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const bucketId = await server.createBucket('my-bucket');
    const { body, query } = sending(server, 'b2_update_bucket');
    const whole = `{"accountId":"${accountId}","bucketId":"${bucketId}","${field}":${json}}`;
    await server.refused(body(whole), { ...refused, message: `${path}: the key is given more than once` });
    const pairs = new URLSearchParams({ accountId, bucketId, [field]: json }).toString();
    const within = path.slice(field.length).replace(/^\./, '');
    await server.refused(query(pairs), {
      ...refused,
      message: `parameter ${field}: ${within}: the key is given more than once`,
    });
  });

  it('is another problem than JSON that is broken', async () => {
    const server = await TestServer.inMemory();
    const bad = { status: 400, code: 'bad_json' } as const;
    for (const body of ['', '{', '{"a":1,}', '\ufeff\ufeff{}'])
      await server.refused(sending(server, 'b2_list_buckets').body(body), bad);
    const deep = `{"a":${'['.repeat(100_000)}`;
    await server.refused(sending(server, 'b2_list_buckets').body(deep), { ...refused, message: /nested more than 64/ });
  });
});

describe('the key __proto__', () => {
  const proto = '{"__proto__":"x"}';

  it.each([
    ['b2_update_bucket', 'bucketInfo', proto],
    ['b2_start_large_file', 'fileInfo', proto],
    ['b2_copy_file', 'fileInfo', proto],
    [
      'b2_update_bucket',
      'replicationConfiguration',
      `{"asReplicationDestination":{"sourceToDestinationKeyMapping":${proto}}}`,
    ],
    [
      'b2_set_bucket_notification_rules',
      'eventNotificationRules',
      `[{"targetConfiguration":{"customHeaders":${proto}}}]`,
    ],
    ['b2_list_buckets', '__proto__', '"x"'],
  ] as const)('of %s is refused in %s, in a body and in a query', async (name, field, json) => {
    const server = await TestServer.inMemory();
    const { [field]: _, ...fields } = (await validCalls(server))[name] as Record<string, unknown>;
    const { body, query } = sending(server, name);
    const whole = `${JSON.stringify(fields).slice(0, -1)},"${field}":${json}}`;
    await server.refused(body(whole), { ...refused, message: /__proto__/ });
    const pairs = [...Object.entries(fields), [field, json] as const].map(([key, value]): [string, string] => [
      key,
      String(value),
    ]);
    await server.refused(query(new URLSearchParams(pairs).toString()), { ...refused, message: /__proto__/ });
  });

  it('is refused in headers, in any case', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const url = await server.ok('b2_get_upload_url', { bucketId });
    const own = { 'X-Bz-File-Name': 'a', 'Content-Type': 'a/b' };
    for (const name of ['__proto__', '__PROTO__'])
      await server.refused(() => server.uploadTo(url, 'x', { ...own, [`X-Bz-Info-${name}`]: 'x' }), {
        ...refused,
        message: /__proto__/,
      });
  });

  it('is refused as the name of a custom header', async () => {
    const server = await TestServer.inMemory();
    const { b2_set_bucket_notification_rules: fields } = await validCalls(server);
    const [rule] = fields['eventNotificationRules'] as [{ targetConfiguration: object }];
    const customHeaders = [{ name: '__proto__', value: 'x' }];
    const changed = { ...rule, targetConfiguration: { ...rule.targetConfiguration, customHeaders } };
    await server.refused(
      () => server.call('b2_set_bucket_notification_rules', { ...fields, eventNotificationRules: [changed] }),
      { ...refused, message: /__proto__/ },
    );
  });

  it('is no problem as a value, and other names of members are none as keys', async () => {
    const server = await TestServer.inMemory();
    const bucketInfo = { constructor: '__proto__', toString: 'x', hasOwnProperty: 'y' };
    const bucketId = await server.createBucket('my-bucket', { bucketInfo });
    const { buckets } = await server.ok('b2_list_buckets', { accountId: server.accountId, bucketId });
    expect(buckets[0]?.bucketInfo).toEqual(bucketInfo);
  });
});
