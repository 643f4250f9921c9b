import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SecretBytes, SecretString } from '@coffer/bytes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring, openKeyring, type Keyring } from './index.ts';

const rootHex = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const root = { kind: 'value', value: SecretString.of(rootHex) } as const;
const aad = new Uint8Array([1, 2, 3]);
const child = fileURLToPath(new URL('../test-child/add-keys.mjs', import.meta.url));
const register = fileURLToPath(new URL('../../../tooling/config/run-source/register.mjs', import.meta.url));

let directory: string;
let path: string;
let opened: Keyring[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-keyring-'));
  path = join(directory, 'keyring.json');
  opened = [await createKeyring(path, root)];
});
afterEach(async () => {
  for (const keyring of opened) keyring.close();
  await rm(directory, { recursive: true });
});

async function open(): Promise<Keyring> {
  const keyring = await openKeyring(path, root);
  opened.push(keyring);
  return keyring;
}

/**
 * A process that waits, with the keyring open, until it may add so many keys. `under`: what is put before it in its
 * shell.
 */
async function adder(count: number, under = '') {
  const node = [process.execPath, '--conditions=@coffer/source', `--import=${register}`, child, path, String(count)];
  const process_ = spawn('sh', ['-c', `${under} exec "$@"`, 'sh', ...node], {
    stdio: ['pipe', 'pipe', under === '' ? 'inherit' : 'ignore'],
    env: { ...process.env, ROOT_KEY: rootHex },
  });
  const exit = once(process_, 'exit');
  const lines = createInterface({ input: process_.stdout });
  const ids: string[] = [];
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      else ids.push(line);
    });
  });
  await ready;
  return { ids, exit, process: process_, go: () => process_.stdin.write('go\n') };
}

describe('processes that change one keyring', () => {
  it('at once lose no key, and leave nothing behind', async () => {
    const adders = await Promise.all([adder(15), adder(15), adder(15)]);
    for (const { go } of adders) go();
    const here: string[] = [];
    const keyring = await open();
    for (let i = 0; i < 15; i++) here.push(await keyring.addKey());
    expect(await Promise.all(adders.map(async ({ exit }) => (await exit)[0] as number))).toEqual([0, 0, 0]);
    const added = [...here, ...adders.flatMap(({ ids }) => ids)];
    expect(added.length).toBe(60);
    const keys = await (await open()).listKeys();
    expect(new Set(keys.map(({ id }) => id)).size).toBe(61);
    expect(added.filter((id) => !keys.some((key) => key.id === id))).toEqual([]);
    expect(keys.filter(({ state }) => state === 'active').length).toBe(1);
    expect(await readdir(directory)).toEqual(['keyring.json']);
  }, 60_000);

  it('and are killed while they do leave a whole keyring with every key that was given away', async () => {
    const killed = await adder(1_000);
    killed.go();
    await expect.poll(() => killed.ids.length, { timeout: 30_000, interval: 1 }).toBeGreaterThan(3);
    killed.process.kill('SIGKILL');
    await killed.exit;
    const keys = await (await open()).listKeys();
    for (const id of killed.ids) expect(keys.map((key) => key.id)).toContain(id);
    // What an operator does if it was cut short in the middle of a change.
    await rm(`${path}.lock`, { force: true });
    const added = await opened[0]!.addKey();
    expect((await (await open()).listKeys()).map(({ id }) => id)).toContain(added);
  }, 60_000);
});

describe('a lock that a crash left behind', () => {
  it('refuses changes with what to do, and nothing else, until it is deleted', async () => {
    await writeFile(`${path}.lock`, '12345\n', { mode: 0o600 });
    const [keyring] = opened as [Keyring];
    await expect(keyring.addKey()).rejects.toMatchObject({
      code: 'keyring_locked',
      message: expect.stringMatching(/process 12345.* delete .*keyring\.json\.lock/) as string,
    });
    expect((await (await open()).listKeys()).length).toBe(1);
    await rm(`${path}.lock`);
    await keyring.addKey();
    expect((await (await open()).listKeys()).length).toBe(2);
  }, 30_000);
});

describe('a lock that cannot be written', () => {
  it('does not stay', async () => {
    // Whose sources are translated, and so kept in files, before the other one may write none.
    const first = await adder(0);
    first.go();
    await first.exit;
    // No file may get any content, as on a full disk.
    const { go, exit, ids } = await adder(1, 'ulimit -f 0;');
    go();
    expect((await exit)[0]).not.toBe(0);
    expect(ids).toEqual([]);
    expect(await readdir(directory)).toEqual(['keyring.json']);
  }, 30_000);
});

describe('a key that another process added', () => {
  it('is found while a key is destroyed, also by what tells whether that is still in use', async () => {
    const [running] = opened as [Keyring];
    const first = await running.activeKeyId();
    await running.addKey();
    const other = await open();
    const added = await other.addKey();
    const mac = await other.mac(added, 'coffer/token/v1', aad);
    await running.destroyKey(first, async () => {
      expect(await running.mac(added, 'coffer/token/v1', aad)).toEqual(mac);
      return false;
    });
    expect((await running.listKeys()).find(({ id }) => id === first)?.state).toBe('destroyed');
    expect(await running.activeKeyId()).toBe(added);
  });

  it('is known where something is met that it protects, and is active there from then on', async () => {
    const [running] = opened as [Keyring];
    const first = await running.activeKeyId();
    const other = await open();
    const added = await other.addKey();
    const secret = SecretBytes.random(32);
    const wrapped = await other.wrap(added, secret, aad);
    const mac = await other.mac(added, 'coffer/token/v1', aad);
    expect(await running.activeKeyId()).toBe(first);
    expect(await running.mac(added, 'coffer/token/v1', aad)).toEqual(mac);
    expect((await running.unwrap(added, wrapped, aad)).equals(secret)).toBe(true);
    expect(await running.activeKeyId()).toBe(added);
    await expect(running.wrap(first, secret, aad)).rejects.toMatchObject({ code: 'unknown_key' });
  });

  it('is unknown where the file does not have it, is damaged, missing or of another keyring; what is known stays', async () => {
    const [running] = opened as [Keyring];
    const other = await open();
    const unknown = 'gk_0123456789abcdef';
    const seek = () =>
      expect(running.mac(unknown, 'coffer/token/v1', aad)).rejects.toMatchObject({ code: 'unknown_key' });
    await Promise.all(Array.from({ length: 50 }, seek));
    const added = await running.addKey();
    await writeFile(path, '{');
    await seek();
    await rm(path);
    await seek();
    expect(await running.activeKeyId()).toBe(added);
    const before = await createKeyring(path, root);
    opened.push(before);
    await seek();
    expect(await running.activeKeyId()).toBe(added);
    expect(await other.activeKeyId()).not.toBe(added);
  });
});

// Only an administrator can give a file to somebody else.
it.skipIf(process.geteuid?.() !== 0)('keeps the owner of the file, whoever changes it', async () => {
  await chown(path, 12_345, 12_346);
  await opened[0]!.addKey();
  const { uid, gid, mode } = await stat(path);
  expect([uid, gid, mode & 0o777]).toEqual([12_345, 12_346, 0o600]);
});
