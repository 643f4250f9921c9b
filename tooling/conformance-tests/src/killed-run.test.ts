import { casesOf, reportSchema, type Report } from '@coffer/conformance';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startOwnServer, type OwnServer } from './own-server.ts';

const main = fileURLToPath(new URL('../../../apps/conformance/src/main.ts', import.meta.url));
const register = fileURLToPath(new URL('../../config/run-source/register.mjs', import.meta.url));
/** Of all cases, these make the most buckets, and application keys. */
const filter = 'b2/default-encryption';
/** Processes start slowly where many tests run at once. */
const patience = { timeout: 60_000, interval: 10 };

/** The command from source, in a process of its own. */
function startCommand({ environment }: OwnServer, args: readonly string[]) {
  const node = ['--conditions=@coffer/source', `--import=${register}`, main];
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn(process.execPath, [...node, 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended };
}

/** The names of what runs of the suite have made on the server, and nothing has removed. */
async function namesOnServer({ target: { b2 }, environment }: OwnServer): Promise<readonly string[]> {
  if (typeof b2?.keyId !== 'string') expect.fail('the target names no key');
  const basic = Buffer.from(`${b2.keyId}:${environment['B2_KEY'] ?? ''}`).toString('base64');
  const ask = async (operation: string, authorization: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${b2.url}/b2api/v3/${operation}`, {
      headers: { authorization },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    expect(answer.status).toBe(200);
    return answer.json();
  };
  const { accountId, authorizationToken } = (await ask('b2_authorize_account', `Basic ${basic}`)) as Session;
  const { buckets } = (await ask('b2_list_buckets', authorizationToken, { accountId })) as Listing;
  const { keys } = (await ask('b2_list_keys', authorizationToken, { accountId, maxKeyCount: 1000 })) as Listing;
  const names = [...buckets.map(({ bucketName }) => bucketName), ...keys.map(({ keyName }) => keyName)];
  return names.filter((name) => name.startsWith('conformance-'));
}

interface Session {
  readonly accountId: string;
  readonly authorizationToken: string;
}
interface Listing {
  readonly buckets: readonly { readonly bucketName: string }[];
  readonly keys: readonly { readonly keyName: string }[];
}

it('takes up a run that was killed in the middle, and removes what that left behind', async () => {
  const server = await startOwnServer('b2-classic');
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  onTestFinished(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });
  const [target, state] = [join(directory, 'target.json'), join(directory, 'state.json')];
  await writeFile(target, JSON.stringify(server.target));
  const args = ['--profile', 'b2-classic', '--filter', filter, '--target', target, '--resume', state];
  const stateNow = (): Report => reportSchema.parse(JSON.parse(readFileSync(state, 'utf8')));

  // Slowly enough that there is a middle.
  const first = startCommand(server, [...args, '--rate', '40']);
  await vi.waitFor(async () => {
    expect(stateNow().results.length).toBeGreaterThan(4);
    // What the state names may not be made yet, or be removed already.
    expect((await namesOnServer(server)).length).toBeGreaterThan(2);
  }, patience);
  first.child.kill('SIGKILL');
  expect((await first.ended).code).toBe(null);
  const killed = stateNow();
  const left = await namesOnServer(server);
  expect(killed.notRun).toBeGreaterThan(0);
  expect(left.length).toBeGreaterThan(1);
  expect(killed.made.map(({ name }) => name)).toEqual(expect.arrayContaining([...left]));

  const { code, output } = await startCommand(server, args).ended;
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining(`taken up: ${killed.results.length} results are kept`) as unknown,
  });
  const finished = stateNow();
  expect(finished).toMatchObject({ notRun: 0, made: [], leftBehind: [], started: killed.started });
  expect(finished.results.map(({ id }) => id)).toEqual(casesOf('b2-classic', [filter]).map(({ id }) => id));
  for (const result of killed.results) expect(finished.results).toContainEqual(result);
  expect(await namesOnServer(server)).toEqual([]);
});

it('removes what it made when nobody reads what it says any more', async () => {
  const server = await startOwnServer('b2-classic');
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  onTestFinished(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });
  const target = join(directory, 'target.json');
  await writeFile(target, JSON.stringify(server.target));
  const args = ['--profile', 'b2-classic', '--filter', filter, '--target', target, '--rate', '40'];
  const { child, ended } = startCommand(server, args);
  await once(child.stderr, 'data');
  child.stdout.destroy();
  child.stderr.destroy();
  expect((await ended).code).toBe(4);
  expect(await namesOnServer(server)).toEqual([]);
});
