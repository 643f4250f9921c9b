import { SecretBytes, streamOf } from '@coffer/bytes';
import { tellAnswer, tellOutput } from '@coffer/storage-testkit';
import { createMemoryBlobStore } from '@coffer/store-memory';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeRunFolder, runFolderVariable } from './collect/run-folder.ts';
import { startCollecting } from './collect/start-collecting.ts';
import { problemsOf } from './report.ts';
import { searchRun } from './search/search-run.ts';

const folder = makeRunFolder(mkdtempSync(join(tmpdir(), 'coffer-planted-')));
process.env[runFolderVariable] = folder.root;
const collector = startCollecting(SecretBytes);

afterAll(() => {
  spawnSync('rm', ['-r', folder.root]);
});

/** A secret as the code under test makes one; its bytes, for the planting. */
function newSecret(): Buffer {
  return SecretBytes.random(32).expose((bytes) => Buffer.from(bytes));
}

async function search() {
  collector.flush();
  return searchRun(folder);
}

async function findings() {
  return (await search()).findings.map(({ form, output }) => `${form} in ${output.replace(/\d+-\d+-/, '')}`);
}

async function answerOf(path: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(200, headers);
    response.write(body.slice(0, 10));
    response.end(body.slice(10));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  await response.text();
  server.close();
}

test('a run that made no secret or put out nothing is no success', async () => {
  const report = await search();
  expect(problemsOf(report, ['log', 'answer'])).toEqual([
    'No secret was registered',
    'Nothing was searched of the kind: log',
    'Nothing was searched of the kind: answer',
  ]);
});

test('what does not leak is not found', async () => {
  const secret = newSecret();
  tellOutput('log', () => createHash('sha256').update(secret).digest('hex'));
  await answerOf('/metrics', 'figures 1\n');
  writeFileSync(join(folder.temporary, 'file'), randomBytes(100_000));
  expect(await findings()).toEqual([]);
  expect(problemsOf(await search(), ['log', 'answer', 'file', 'name'])).toEqual([]);
});

test('every kind of leak is found, and says where', async () => {
  const directory = join(folder.temporary, 'coffer-x', 'data');
  mkdirSync(directory, { recursive: true });
  tellOutput('log', () => `{"key":"${newSecret().toString('base64')}"}`);
  tellOutput('reported error', () => `no ${newSecret().toString('hex').toUpperCase()}`);
  await createMemoryBlobStore().write('blob1', streamOf(Buffer.concat([randomBytes(33), newSecret(), randomBytes(3)])));
  tellAnswer({
    method: 'GET',
    target: '/b2api/v4/b2_a',
    status: 400,
    headers: [],
    body: Buffer.from(md5Of(newSecret())),
  });
  await answerOf('/metrics', `a 1\nkeys{key="${newSecret().toString('hex')}"} 1\n`);
  await answerOf('/file/b/n', 'nothing to be seen', { 'X-Key': newSecret().toString('base64url') });
  writeFileSync(join(directory, 'data.mdb'), Buffer.concat([randomBytes(5000), newSecret()]));
  writeFileSync(join(directory, newSecret().toString('hex')), '');
  await rm(join(folder.temporary, 'coffer-x'), { recursive: true });
  expect(existsSync(directory)).toBe(false);
  const expected = [
    'base64, alignment 0 in log',
    'hex, upper case in reported error',
    'raw in blob in memory',
    'MD5 of base64, alignment 0 in answer 400 to GET b2_a: body',
    'hex in answer 200 to GET /metrics: body',
    'base64url, alignment 0 in answer 200 to GET /file/b/n: head',
    'raw in file coffer-x/data/data.mdb',
    expect.stringMatching(/^hex in name of coffer-x\/data\//),
  ];
  const found = await findings();
  for (const one of expected) expect(found).toContainEqual(one);
  expect(problemsOf(await search(), []).length).toBeGreaterThanOrEqual(expected.length);
});

test('what an operation gives out may be in its answer, in that field, and nowhere else', async () => {
  const places = async () => (await findings()).filter((one) => one.startsWith('raw in answer 200 to GET b2_'));
  const token = `4_token_${randomBytes(24).toString('base64url')}`;
  const given = { accountId: 'a', authorizationToken: token };
  await answerOf('/b2api/v4/b2_authorize_account', JSON.stringify(given));
  expect(await places()).toEqual([]);
  await answerOf('/b2api/v4/b2_list_buckets', JSON.stringify(given));
  await answerOf('/b2api/v4/b2_authorize_account', JSON.stringify({ ...given, accountId: token }));
  expect(await places()).toEqual([
    'raw in answer 200 to GET b2_list_buckets: body',
    'raw in answer 200 to GET b2_authorize_account: body',
  ]);
});

test('the fingerprint of a customer key may be in its header of S3, in a success, and nowhere else', async () => {
  // Without the form: an MD5 may be the same text in base64 and in base64url.
  const places = async () =>
    new Set((await findings()).flatMap((one) => / in (answer .*bucket\/key.*)/.exec(one)?.[1] ?? []));
  const md5 = md5Of(newSecret());
  const header = { 'x-amz-server-side-encryption-customer-key-MD5': md5 };
  await answerOf('/bucket/key', 'an object', header);
  expect(await places()).toEqual(new Set());
  await answerOf('/bucket/key', `<Error>${md5}</Error>`, header);
  tellAnswer({ method: 'PUT', target: '/bucket/key', status: 403, headers: Object.entries(header), body: Buffer.of() });
  const expected = ['answer 200 to GET /bucket/key: body', 'answer 403 to PUT /bucket/key: head'];
  expect(await places()).toEqual(new Set(expected));
});

test('removals that are held back leave other removals alone', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'coffer-elsewhere-'));
  rmSync(elsewhere, { recursive: true });
  expect(existsSync(elsewhere)).toBe(false);
});

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
