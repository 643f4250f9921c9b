import { extendB2 } from '@coffer/b2-protocol';
import {
  bucketIdField,
  jsonMethods,
  mayAnswer,
  wireBucketId,
  type BucketId,
  type ExtensionRow,
} from '@coffer/b2-schema';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { caught } from '../../test/caught.ts';
import { memoryServer, refusal } from '../../test/memory-server.ts';

const row = {
  name: 'coffer_look',
  notPartOfB2: true,
  requestType: 'LookRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles'] },
  scope: { on: 'bucket', field: 'bucketId' },
  request: z.strictObject({ bucketId: bucketIdField, accountId: z.string() }),
  response: z.object({ bucketId: wireBucketId, accountId: z.string() }),
  errors: mayAnswer('bad_bucket_id'),
} as const satisfies ExtensionRow;

const extension = extendB2(
  { coffer_look: row },
  { coffer_look: (input) => Promise.resolve({ bucketId: input.bucketId, accountId: input.accountId }) },
);

describe('a call of an operation that is not part of B2', () => {
  it('is typed by its row, and names the account by itself', async () => {
    const server = await memoryServer({ extension });
    const client = server.client();
    const bucketId = await server.bucket();
    const answer = await client.call(row, { bucketId });
    expectTypeOf(answer.bucketId).toEqualTypeOf<BucketId>();
    expect(answer).toEqual({ bucketId, accountId: server.keyId });
    expect(server.seen.at(-1)?.url).toBe(`${server.url}/cofferapi/v1/coffer_look`);
  });

  it('is repeated, and its token renewed, like any other', async () => {
    const server = await memoryServer({ extension });
    const client = server.client();
    const bucketId = await server.bucket();
    const refusals = [refusal(503, 'service_unavailable'), refusal(401, 'expired_auth_token')];
    server.intercept = ({ operation }) => (operation === 'coffer_look' ? refusals.shift() : undefined);
    expect((await client.call(row, { bucketId })).bucketId).toBe(bucketId);
    expect(server.seen.map(({ operation }) => operation).filter((name) => name !== 'coffer_look')).toHaveLength(2);
    expect(server.operations()).toEqual(['coffer_look', 'coffer_look', 'coffer_look']);
  });

  it('fails with the errors of the client', async () => {
    const server = await memoryServer();
    const client = server.client();
    const bucketId = await server.bucket();
    const missing = await caught(client.call(row, { bucketId }));
    expect(missing).toMatchObject({ code: 'not_found', operation: 'coffer_look', status: 404 });
    const malformed = await caught(client.call(row, { bucketId: 'x' as BucketId }));
    expect(malformed).toMatchObject({ code: 'invalid_request', operation: 'coffer_look', field: 'bucketId' });
    server.intercept = () => Response.json({ bucketId: 7 });
    expect(await caught(client.call(row, { bucketId }))).toMatchObject({ code: 'invalid_response' });
    client.close();
    expect(await caught(client.call(row, { bucketId }))).toMatchObject({ code: 'client_closed' });
  });
});
