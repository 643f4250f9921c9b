import { chmod, cp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ServerConfig } from '../config/server-config.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { authorize } from '../test-support/b2-calls.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

/** A place that was served once. */
async function usedPlace(
  name = 'data',
): Promise<{ readonly config: ServerConfig; readonly secret: string; readonly keyId: string }> {
  const config = testConfig(await temporaryDirectory());
  const server = await start({ ...config, data: config.data.replace(/data$/, name) });
  const secret = server.masterKey!.expose((text) => text);
  await server.close();
  return { config, secret, keyId: server.masterKeyId };
}

async function refusal(
  config: ServerConfig,
  environment = {},
): Promise<{ readonly code: unknown; readonly message: string }> {
  const outcome = await start(config, { environment }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error) || !('code' in outcome)) throw new Error('The server started');
  return { code: outcome.code, message: outcome.message };
}

describe('with data there, the server refuses', () => {
  it('a missing keyring, and makes no new one', async () => {
    const { config } = await usedPlace();
    await rm(config.keys, { recursive: true });
    const { code, message } = await refusal(config);
    expect(code).toBe('keys');
    expect(message).toContain(`no keyring at ${config.keys}/keyring.json`);
    expect(message).toContain('no new one is made');
    await expect(readdir(config.keys)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a keyring of other data', async () => {
    const [{ config }, other] = [await usedPlace(), await usedPlace()];
    await rm(config.keys, { recursive: true });
    await cp(other.config.keys, config.keys, { recursive: true });
    expect(await refusal(config)).toMatchObject({
      code: 'keys',
      message: expect.stringContaining('is not the one') as string,
    });
  });

  it('a missing, another and a damaged root key', async () => {
    const { config } = await usedPlace();
    const rootKey = join(config.keys, 'root.key');
    await rename(rootKey, `${rootKey}.kept`);
    expect(await refusal(config)).toMatchObject({
      code: 'keys',
      message: expect.stringContaining('no root key file') as string,
    });
    await writeFile(rootKey, 'ab'.repeat(32), { mode: 0o600 });
    expect(await refusal(config)).toMatchObject({
      code: 'keys',
      message: expect.stringContaining('does not open the keyring') as string,
    });
    await writeFile(rootKey, 'too short');
    expect(await refusal(config)).toMatchObject({
      code: 'keys',
      message: expect.stringContaining('must hold a root key') as string,
    });
    await rename(`${rootKey}.kept`, rootKey);
    await (await start(config)).close();
  });

  it('a root key that others can read', async () => {
    const { config } = await usedPlace();
    await chmod(join(config.keys, 'root.key'), 0o644);
    expect(await refusal(config)).toMatchObject({
      code: 'keys',
      message: expect.stringContaining('chmod 600') as string,
    });
  });

  it('to change anything: afterwards the right keyring serves', async () => {
    const { config, secret, keyId } = await usedPlace();
    await rename(config.keys, `${config.keys}.kept`);
    await refusal(config);
    await rename(`${config.keys}.kept`, config.keys);
    const server = await start(config);
    expect((await authorize(server.urls.http!, keyId, secret)).apiUrl).toBe(server.urls.http);
  });
});

it('takes the root key from the environment, and refuses to start without it', async () => {
  const config = testConfig(await temporaryDirectory(), { rootKeyEnv: 'MY_ROOT_KEY' });
  expect(await refusal(config)).toMatchObject({
    code: 'keys',
    message: expect.stringContaining('MY_ROOT_KEY') as string,
  });
  const environment = { MY_ROOT_KEY: 'cd'.repeat(32) };
  await (await start(config, { environment })).close();
  expect(await readdir(config.keys)).toEqual(['keyring.json']);
  await (await start(config, { environment })).close();
  const { message } = await refusal(config, { MY_ROOT_KEY: 'ef'.repeat(32) });
  expect(message).toContain('does not open');
  expect(message).not.toContain('efef');
});

it('takes a passphrase', async () => {
  const config = testConfig(await temporaryDirectory(), { passphraseEnv: 'PHRASE' });
  await (await start(config, { environment: { PHRASE: 'correct horse battery staple' } })).close();
  await (await start(config, { environment: { PHRASE: 'correct horse battery staple' } })).close();
  expect((await refusal(config, { PHRASE: 'incorrect horse' })).code).toBe('keys');
});

it('refuses a directory that another server works on', async () => {
  const config = testConfig(await temporaryDirectory());
  await start(config);
  expect(await refusal(config)).toMatchObject({
    code: 'in_use',
    message: expect.stringContaining(String(process.pid)) as string,
  });
});

it('refuses an address that is taken, and lets go of everything', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const root = await temporaryDirectory();
  const { port } = taken.address() as AddressInfo;
  const { code, message } = await refusal(testConfig(root, { listen: `127.0.0.1:${port}` }));
  expect(code).toBe('network');
  expect(message).toContain('another program listens there already');
  await start(testConfig(root));
});

it('refuses a data directory that is a file, and TLS files that are not there or no certificate', async () => {
  const root = await temporaryDirectory();
  await writeFile(join(root, 'data'), '');
  expect(await refusal(testConfig(root))).toMatchObject({ code: 'data' });
  const data = join(root, 'other');
  const tls = { data, httpsListen: '127.0.0.1:0', tlsCert: join(root, 'cert'), tlsKey: join(root, 'key') };
  expect(await refusal(testConfig(root, tls))).toMatchObject({
    code: 'network',
    message: expect.stringContaining('not there') as string,
  });
  await writeFile(tls.tlsCert, 'x');
  await writeFile(tls.tlsKey, 'x');
  expect(await refusal(testConfig(root, tls))).toMatchObject({ code: 'network' });
});
