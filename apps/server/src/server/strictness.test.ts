import { expect, it, onTestFinished } from 'vitest';
import type { ConfigInput } from '../config/settings.ts';
import { authorize, customerKeyHeaders, type Session } from '../test-support/b2-calls.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

/** A server with the master key's session, and one of a key that may do little besides making keys. */
async function open(input: ConfigInput): Promise<{ readonly owner: Session; readonly keyMaker: Session }> {
  const server = await start(testConfig(await temporaryDirectory(), input));
  const url = server.urls.http ?? '';
  const owner = await authorize(url, server.masterKeyId, server.masterKey?.expose((text) => text) ?? '');
  const { applicationKeyId, applicationKey } = await makeKey(owner, ['writeKeys', 'listFiles']);
  return { owner, keyMaker: await authorize(url, String(applicationKeyId), String(applicationKey)) };
}

function makeKey(session: Session, capabilities: readonly string[]): Promise<Record<string, unknown>> {
  return session.api('b2_create_key', { accountId: session.accountId, keyName: 'a-key', capabilities });
}

it.each([false, true])('keys are granted what their maker has, and only that: %s', async (only) => {
  const { keyMaker } = await open({ grantOnlyOwnCapabilities: only });
  expect(await makeKey(keyMaker, ['listFiles'])).toMatchObject({ capabilities: ['listFiles'] });
  const more = makeKey(keyMaker, ['listFiles', 'deleteFiles']);
  if (only) await expect(more).rejects.toThrow('401');
  else expect(await more).toMatchObject({ capabilities: ['listFiles', 'deleteFiles'] });
});

it.each([
  [false, 200],
  [true, 400],
])('names that the service refused once are refused: %s', async (strictFileNames, status) => {
  const { owner } = await open({ strictFileNames });
  const bucketId = await owner.createBucket('my-bucket');
  expect((await owner.upload(bucketId, 'a//b', Buffer.from('x'))).status).toBe(status);
  expect((await owner.upload(bucketId, 'a/b', Buffer.from('x'))).status).toBe(200);
});

it.each([
  [false, 400],
  [true, 200],
])('a customer key that a file does not need is ignored: %s', async (ignoreUnneededCustomerKey, status) => {
  const { owner } = await open({ ignoreUnneededCustomerKey });
  await owner.upload(await owner.createBucket('my-bucket'), 'a', Buffer.from('x'));
  const headers = customerKeyHeaders(new Uint8Array(32).fill(1));
  expect((await owner.download('my-bucket', 'a', headers)).status).toBe(status);
});
