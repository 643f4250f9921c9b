import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { environmentName, flagName } from '../config/setting-names.ts';
import { configKeys, settings } from '../config/settings.ts';
import { runProgram } from './program.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

/** Runs a command; `serve` is told to stop once it printed its banner, and `during` is done. */
async function run(
  args: readonly string[],
  during: (output: string) => Promise<void> = () => Promise.resolve(),
  { isTerminal = true, environment = {} }: { isTerminal?: boolean; environment?: Record<string, string> } = {},
) {
  const output = { stdout: '', stderr: '' };
  let stop: () => void = () => undefined;
  let finished: Promise<void> = Promise.resolve();
  const code = await runProgram(args, {
    stdout: (text) => {
      output.stdout += text;
    },
    announce: (text) => {
      output.stdout += text;
      finished = during(output.stdout).finally(() => {
        stop();
      });
    },
    stderr: (text) => {
      output.stderr += text;
    },
    stdoutIsTerminal: isTerminal,
    stderrIsTerminal: false,
    environment: { COFFER_LOG_LEVEL: 'silent', ...environment },
    command: 'coffer',
    onStopSignal: (callback) => {
      stop = callback;
      return () => undefined;
    },
    onReloadSignal: () => undefined,
  });
  await finished;
  return { code, ...output };
}

describe('help', () => {
  it('is complete for serve: every setting by flag and environment variable', async () => {
    const { code, stdout } = await run(['serve', '--help']);
    expect(code).toBe(0);
    for (const key of configKeys.filter((one) => !settings[one].isSecret)) {
      expect(stdout).toContain(flagName(key));
      expect(stdout.replaceAll(/\s/g, '')).toContain(environmentName(key));
    }
  });

  it.each([
    [['--help']],
    [['keys', '--help']],
    [['keys', 'show-master', '--help']],
    [['keyring', 'status', '--help']],
    [['keyring', 'rotate', '--help']],
    [['doctor', '--help']],
  ])('%o', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: coffer/);
  });

  it('of the program names the exit codes', async () => {
    expect((await run(['--help'])).stdout).toContain('4  the data directory is in use by another server');
  });
});

describe('a wrong command line ends with code 2', () => {
  it.each([[['nothing']], [['serve', '--nothing']], [['serve', '--listen']], [['serve', '--listen', 'x']]])(
    '%o',
    async (args) => {
      const { code, stderr } = await run(args);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );

  it('with a stack trace only where one was asked for', async () => {
    const { stderr } = await run(['serve', '--listen', 'x', '--log-level', 'debug']);
    expect(stderr).toMatch(/--listen must be host:port, or off.*\n {4}at /);
  });
});

it.each([[['version']], [['--version']], [['version', '--']]])('prints the version: %o', async (args) => {
  expect((await run(args)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('serves until it is told to stop, and shows the key once', async () => {
  const data = join(await temporaryDirectory(), 'data');
  const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--admin-listen', 'off'];
  const keyLine = /^export B2_APPLICATION_KEY=(.+)$/m;
  let secret = '';
  const first = await run(args, async (output) => {
    const endpoint = /^export B2_ENVIRONMENT=(.+)$/m.exec(output)![1]!;
    const keyId = /^export B2_APPLICATION_KEY_ID=(.+)$/m.exec(output)![1]!;
    secret = keyLine.exec(output)![1]!;
    expect((await authorize(endpoint, keyId, secret)).apiUrl).toBe(endpoint);
  });
  expect([first.code, first.stderr]).toEqual([0, '']);
  const second = await run(args);
  expect(second.stdout).not.toMatch(keyLine);
  expect(second.stdout).toContain(`coffer keys show-master --data ${data}`);
  const shown = await run(['keys', 'show-master', '--data', data]);
  expect(keyLine.exec(shown.stdout)![1]).toBe(secret);
});

it.each([
  ['stdout is no terminal', { isTerminal: false }],
  ['it was given', { environment: { COFFER_MASTER_KEY: 'K001xSZNCdHkPQh4W4AYpfRUoD0a2Ah' } }],
])('does not show the key where %s, and names the command that does', async (_, circumstances) => {
  const data = join(await temporaryDirectory(), 'data');
  const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--admin-listen', 'off'];
  const { code, stdout } = await run([...args, '--master-key-id', '0123456789ab'], undefined, circumstances);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}Key id +0123456789ab$/m);
  expect(stdout).toContain(`eval "$(coffer keys show-master --data ${data})"`);
  expect(stdout).not.toMatch(/K001/);
  const shown = (await run(['keys', 'show-master', '--data', data])).stdout;
  expect(shown).toMatch(/^export B2_APPLICATION_KEY_ID=0123456789ab\nexport B2_APPLICATION_KEY=K001\S{27}\n$/);
  const other = await run([...args, '--master-key-id', 'ba9876543210']);
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(
    /The account of this store is 0123456789ab, not ba9876543210\. Leave out --master-key-id/,
  );
});

describe('serve --memory', () => {
  const args = ['serve', '--memory', '--listen', '127.0.0.1:0', '--admin-listen', 'off'];
  const key = 'K001xSZNCdHkPQh4W4AYpfRUoD0a2Ah';
  const given = { COFFER_MASTER_KEY: key, COFFER_MASTER_KEY_ID: '0123456789ab' };

  it('serves with a given key, and leaves nothing behind', async () => {
    const data = join(await temporaryDirectory(), 'data');
    const { code, stdout, stderr } = await run(
      [...args, '--data', data],
      async (output) => {
        const endpoint = /^export B2_ENVIRONMENT=(.+)$/m.exec(output)![1]!;
        expect((await authorize(endpoint, '0123456789ab', key)).apiUrl).toBe(endpoint);
      },
      { isTerminal: false, environment: given },
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain(key);
    expect(existsSync(data)).toBe(false);
    expect(existsSync(`${data}-keys`)).toBe(false);
  });

  it('does not start where nobody could know the key', async () => {
    const { code, stderr } = await run(args, undefined, { isTerminal: false });
    expect(code).toBe(2);
    expect(stderr).toMatch(/nobody would learn the master application key: give one in COFFER_MASTER_KEY/);
  });

  it.each([
    ['--workers', '2'],
    ['--keys', '/srv/keys'],
  ])('refuses %s %s', async (...option) => {
    const { code, stderr } = await run([...args, ...option], undefined, { environment: given });
    expect(code).toBe(2);
    expect(stderr).toContain(option[0]);
  });
});

describe('beside a running server', () => {
  it('shows the master key, the keyring and a diagnosis, and does not start another', async () => {
    const config = testConfig(await temporaryDirectory());
    const server = await start(config);
    const { code, stdout } = await run(['keys', 'show-master', '--data', config.data]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`export B2_APPLICATION_KEY_ID=${server.masterKeyId}\n`),
    ]);
    expect((await run(['keyring', 'status', '--data', config.data])).stdout).toMatch(
      /^Keyring kr_\w+ in .*\n\ngk_\w+ +active +\d{4}-/,
    );
    expect((await run(['doctor', '--data', config.data])).code).toBe(0);
    const refused = await run(['serve', '--data', config.data, '--listen', '127.0.0.1:0', '--admin-listen', 'off']);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(
      /^coffer: The data directory .* is in use by another server \(process \d+\)\. .*\n$/,
    );
  });
});

describe('keyring rotate', () => {
  it('makes a new active key, beside a running server, which reads on and takes it at its next start', async () => {
    const config = testConfig(await temporaryDirectory());
    const first = await start(config);
    const secret = first.masterKey!.expose((text) => text);
    const session = await authorize(first.urls.http!, first.masterKeyId, secret);
    const bucketId = await session.createBucket('my-bucket');
    const encrypt = { 'X-Bz-Server-Side-Encryption': 'AES256' };
    const upload = (name: string) => session.upload(bucketId, name, Buffer.from(name), encrypt);
    const textOf = async (by: typeof session, name: string) => (await by.download('my-bucket', name)).bytes.toString();
    expect((await upload('before')).status).toBe(200);
    const rotated = await run(['keyring', 'rotate', '--data', config.data]);
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const [added] = /gk_\w+/.exec(rotated.stdout)!;
    expect(rotated.stdout).toContain('Back up');
    const status = (await run(['keyring', 'status', '--data', config.data])).stdout;
    expect(status).toMatch(new RegExp(`gk_\\w+ +decrypt-only .*\n${added} +active `));
    expect(await textOf(session, 'before')).toBe('before');
    expect((await upload('between')).status).toBe(200);
    await first.close();

    const second = await start(config);
    const again = await authorize(second.urls.http!, second.masterKeyId, secret);
    for (const name of ['before', 'between']) expect(await textOf(again, name)).toBe(name);
    await again.upload(bucketId, 'after', Buffer.from('after'), encrypt);
    expect(await textOf(again, 'after')).toBe('after');
    expect((await run(['doctor', '--data', config.data])).code).toBe(0);
    await second.close();
  });

  it('says what to do when another change was cut short', async () => {
    const config = testConfig(await temporaryDirectory());
    await (await start(config)).close();
    await writeFile(join(config.keys, 'keyring.json.lock'), '12345\n');
    const refused = await run(['keyring', 'rotate', '--data', config.data]);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^coffer: The keyring .* is being changed by process 12345\. .* delete .*\.lock/);
  }, 30_000);
});

it('has no key to show before the first start, and makes nothing', async () => {
  const data = join(await temporaryDirectory(), 'data');
  expect(await run(['keys', 'show-master', '--data', data])).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('Start the server once') as string,
  });
  expect((await run(['keyring', 'status', '--data', data])).code).toBe(3);
  expect((await run(['keyring', 'rotate', '--data', data])).code).toBe(3);
  expect((await run(['doctor', '--data', data])).code).toBe(1);
});
