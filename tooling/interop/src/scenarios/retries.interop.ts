import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readingWith, writingWith } from '../harness/encryption.ts';
import { httpOnly, logged, scenarios, type World } from '../harness/scenario.ts';
import type { B2Cli } from '../harness/b2-cli.ts';
import { expectSuccess } from '../harness/command.ts';
import { results, sdkEncryption, type SdkAnswer } from '../harness/sdk.ts';
import { download, expectSameBytes, sdk, sdkResults } from '../harness/stored-files.ts';
import { makeTestFile, type TestFile } from '../harness/test-file.ts';
import { expectSameTree } from '../harness/tree.ts';

const smallFiles = 60;
const largeSize = 12_000_000;
const largeParts = 3;

/** The SDK sends an upload five times at most, so one of many may fail for good; who syncs runs it again then. */
const runsAtMost = 4;

/** @throws Error with what the last run said, if none succeeds. */
async function syncUntilDone(cli: B2Cli, ...args: Parameters<B2Cli['run']>): Promise<void> {
  let result = await cli.run(...args);
  for (let runs = 1; result.code !== 0 && runs < runsAtMost; runs++) result = await cli.run(...args);
  expectSuccess(result);
}

async function uploadUntilDone(session: () => Promise<readonly SdkAnswer[]>): Promise<void> {
  let answers = await session();
  for (let runs = 1; answers[0]?.error?.type === 'MaxRetriesExceeded' && runs < runsAtMost; runs++) {
    answers = await session();
  }
  results(answers);
}

/** Names and files of a directory. */
function filledDirectory(world: World, root: string, count: number): readonly TestFile[] {
  mkdirSync(root);
  return Array.from({ length: count }, (_, at) => {
    const file = makeTestFile(root, `file-${at}`, 2000 + at);
    world.leaks.plaintext(file);
    return file;
  });
}

const someFail = (world: () => World): void => {
  test('a sync of many small files and a large one gets through, and the files are right', async () => {
    const { b2, modes, folder } = world();
    const [up, down] = [join(folder, 'up'), join(folder, 'down')];
    filledDirectory(world(), up, smallFiles);
    world().leaks.plaintext(makeTestFile(up, 'large', largeSize));
    const bucket = `b2://${await world().bucket()}`;
    await syncUntilDone(b2, ['sync', '--no-progress', '--threads', '20', up, bucket], writingWith(modes.sseB2));
    // The chance that no upload failed is one in thousands of millions.
    await expect.poll(() => world().requestsFor('b2_upload_file'), logged).toBeGreaterThan(smallFiles);
    expect(world().requestsFor('b2_upload_part')).toBeGreaterThanOrEqual(largeParts);
    expect((await b2.ok(['ls', '-r', '--versions', bucket])).split('\n')).toHaveLength(smallFiles + 1);
    expect(await b2.ok(['file', 'large', 'unfinished', 'list', bucket])).toBe('');
    await b2.ok(['sync', '--no-progress', bucket, down]);
    expectSameTree(down, up);
  });
};

const onRequest = (world: () => World): void => {
  test('fail_some_uploads: the b2 tool and b2sdk repeat what failed', async () => {
    const { b2, modes, folder, server } = world();
    const name = await world().bucket();
    const files = filledDirectory(world(), join(folder, 'up'), 40);
    const large = world().secretFile('large', largeSize);
    const cli = world().anotherCli('failing', 'fail_some_uploads');
    await cli.authorize(server.credentials);
    const sync = ['sync', '--no-progress', '--threads', '15', join(folder, 'up'), `b2://${name}/up`];
    await syncUntilDone(cli, sync, writingWith(modes.sseC1));
    const upload = { call: 'upload' as const, path: large.path, name: 'large', encryption: sdkEncryption(modes.sseB2) };
    await uploadUntilDone(() => sdk(world(), name, [upload], 'fail_some_uploads'));
    await expect.poll(() => world().requestsFor('b2_upload_file'), logged).toBeGreaterThan(files.length);
    expectSameBytes(await download(world(), `b2://${name}/large`, modes.none), large.content);
    expect((await b2.ok(['ls', '-r', '--versions', `b2://${name}`])).split('\n')).toHaveLength(files.length + 1);
    await b2.ok(['sync', '--no-progress', `b2://${name}/up`, join(folder, 'down')], readingWith(modes.sseC1));
    expectSameTree(join(folder, 'down'), join(folder, 'up'));
  });

  test('expire_some_account_authorization_tokens: clients authorise again and go on', async () => {
    const name = await world().bucket();
    const { path } = world().file('file', 1000);
    const clients = 20;
    const before = world().requestsFor('b2_authorize_account');
    const call = { call: 'outliveTokens' as const, clients, path, name: 'f' };
    await sdkResults(world(), name, [call], 'expire_some_account_authorization_tokens');
    // The session authorises once besides, and the tool, to list, not at all. That no token was short has a chance of
    // one in a million.
    await expect.poll(() => world().requestsFor('b2_authorize_account') - before, logged).toBeGreaterThan(clients + 1);
    expect((await world().b2.ok(['ls', '-r', `b2://${name}`])).split('\n')).toHaveLength(clients);
  });

  test('force_cap_exceeded: nothing is stored or repeated, and the client says why', async () => {
    const { b2, modes, server } = world();
    const name = await world().bucket();
    const { path } = world().file('file', 1000);
    const before = world().requestsFor('b2_upload_file');
    const cli = world().anotherCli('capped', 'force_cap_exceeded');
    await cli.authorize(server.credentials);
    expect(await cli.refused(['file', 'upload', '--no-progress', name, path, 'f'])).toContain('cap exceeded');
    const upload = { call: 'upload' as const, path, name: 'f', encryption: sdkEncryption(modes.none) };
    const [answer] = await sdk(world(), name, [upload], 'force_cap_exceeded');
    expect(answer?.error?.text).toContain('cap exceeded');
    await expect.poll(() => world().requestsFor('b2_upload_file') - before, logged).toBe(2);
    expect(await b2.ok(['ls', '-r', '--versions', `b2://${name}`])).toBe('');
  });
};

const latency = ['--test-latency-ms', '20'];
scenarios('retries', someFail, ['--test-mode', ...latency, '--test-upload-failure-rate', '0.3'], httpOnly);
scenarios('retries in test mode', onRequest, ['--test-mode'], httpOnly);
