import { chmod, copyFile, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretBytes, SecretString } from '@coffer/bytes';
import { EnvelopeError } from '@coffer/envelope-crypto';
import { createKeyring } from './create-keyring.ts';
import type { Keyring } from './keyring.ts';
import { openKeyring } from './open-keyring.ts';
import { KeyringError } from './keyring-error.ts';
import type { RootKeySource } from './root-key.ts';

const rootHex = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const value = (text: string): RootKeySource => ({ kind: 'value', value: SecretString.of(text) });
const passphrase = (text: string): RootKeySource => ({ kind: 'passphrase', passphrase: SecretString.of(text) });
const root = value(rootHex);
const aad = new Uint8Array([1, 2, 3]);
const unused = () => Promise.resolve(false);

let directory: string;
let path: string;
let opened: Keyring[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-keyring-'));
  path = join(directory, 'keyring.json');
  opened = [];
});
afterEach(async () => {
  for (const keyring of opened) keyring.close();
  await rm(directory, { recursive: true });
});

async function create(source = root, now?: () => number): Promise<Keyring> {
  const keyring = await createKeyring(path, source, now === undefined ? {} : { now });
  opened.push(keyring);
  return keyring;
}

async function open(source = root): Promise<Keyring> {
  const keyring = await openKeyring(path, source);
  opened.push(keyring);
  return keyring;
}

async function failureOf(run: () => Promise<unknown>): Promise<KeyringError | EnvelopeError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof KeyringError || error instanceof EnvelopeError) return error;
    throw error;
  }
}
const codeOf = async (run: () => Promise<unknown>) => (await failureOf(run))?.code;
const contentOf = async () =>
  JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown> & { keys: Record<string, unknown>[] };

describe('a root key file', () => {
  const file = (): RootKeySource => ({ kind: 'file', path: join(directory, 'secrets', 'root.key') });
  const filePath = () => join(directory, 'secrets', 'root.key');

  it('is made with the keyring, for its owner only, and opens it', async () => {
    const keyring = await create(file());
    expect((await stat(filePath())).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'secrets'))).mode & 0o777).toBe(0o700);
    expect(await readFile(filePath(), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    const wrapped = await keyring.wrap(await keyring.activeKeyId(), SecretBytes.copyOf(aad), aad);
    const again = await open(file());
    expect((await again.unwrap(await again.activeKeyId(), wrapped, aad)).equals(SecretBytes.copyOf(aad))).toBe(true);
  });

  it('that exists is used, not replaced', async () => {
    await create(file());
    const before = await readFile(filePath(), 'utf8');
    path = join(directory, 'second.json');
    await create(file());
    expect(await readFile(filePath(), 'utf8')).toBe(before);
  });

  it('is not made when there is a keyring already', async () => {
    await create();
    expect(await codeOf(() => createKeyring(path, file()))).toBe('keyring_exists');
    expect(await readdir(directory)).toEqual(['keyring.json']);
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o777, 0o620])('of mode %o is refused by name', async (mode) => {
    await create(file());
    await chmod(filePath(), mode);
    const failure = await failureOf(() => open(file()));
    expect(failure?.code).toBe('unsafe_permissions');
    expect(failure?.message).toContain(filePath());
    expect(failure?.message).toContain('chmod 600');
    path = join(directory, 'second.json');
    expect(await codeOf(() => create(file()))).toBe('unsafe_permissions');
  });

  it('of mode 0400 is fine', async () => {
    await create(file());
    await chmod(filePath(), 0o400);
    await open(file());
  });

  it('that is missing or no key is refused by name, without its content', async () => {
    await create(file());
    for (const text of ['', 'hunter2hunter2', rootHex.slice(2), `${rootHex}00`, rootHex.repeat(40)]) {
      await writeFile(filePath(), text);
      const failure = await failureOf(() => open(file()));
      expect(failure?.code).toBe('root_key_malformed');
      expect(failure?.message).toContain(filePath());
      if (text !== '') expect(inspect(failure)).not.toContain(text);
    }
    await rm(filePath());
    expect(await codeOf(() => open(file()))).toBe('root_key_missing');
  });
});

describe('a root key value', () => {
  it.each([
    ['hexadecimal', rootHex],
    ['upper case', rootHex.toUpperCase()],
    ['base64', Buffer.from(rootHex, 'hex').toString('base64')],
    ['with white space around', ` ${rootHex}\r\n`],
  ])('may be %s', async (_, text) => {
    await create();
    await open(value(text));
  });

  it.each([
    ['nothing', ''],
    ['too short', rootHex.slice(2)],
    ['16 bytes', rootHex.slice(32)],
    ['base64 without padding', Buffer.from(rootHex, 'hex').toString('base64').slice(0, -1)],
    ['a word', 'correct horse battery staple'],
  ])('must not be %s', async (_, text) => {
    const failure = await failureOf(() => create(value(text)));
    expect(failure?.code).toBe('root_key_malformed');
    if (text !== '') expect(inspect(failure)).not.toContain(text);
    expect(await readdir(directory)).toEqual([]);
  });

  it('that is another key is refused', async () => {
    await create();
    const failure = await failureOf(() => open(value('ff'.repeat(32))));
    expect(failure?.code).toBe('root_key_wrong');
    expect(failure?.message).toContain(path);
    expect(inspect(failure)).not.toContain('ffffffff');
  });
});

describe('a passphrase', () => {
  it('opens the keyring it was given for, and no other does', async () => {
    await create(passphrase('correct horse'));
    expect((await contentOf())['rootKey']).toMatchObject({ source: 'passphrase', scrypt: { N: 131072, r: 8, p: 1 } });
    await open(passphrase('correct horse'));
    const failure = await failureOf(() => open(passphrase('correct horse ')));
    expect(failure?.code).toBe('root_key_wrong');
    expect(inspect(failure)).not.toContain('horse');
    expect(await codeOf(() => open(root))).toBe('root_key_wrong');
  });

  it('does not open a keyring with a root key', async () => {
    await create();
    expect(await codeOf(() => open(passphrase('correct horse')))).toBe('root_key_wrong');
  });

  it('must not be empty', async () => {
    expect(await codeOf(() => create(passphrase('')))).toBe('root_key_malformed');
  });

  it('is not derived with parameters that cost all memory', async () => {
    await create();
    const content = await contentOf();
    const salt = Buffer.alloc(16).toString('base64');
    for (const scrypt of [
      { N: 2 ** 30, r: 8, p: 1, salt },
      { N: 100_000, r: 8, p: 1, salt },
      { N: 2, r: 8, p: 1, salt },
      { N: 2 ** 17, r: 1000, p: 1, salt },
      { N: 2 ** 17, r: 8, p: 1, salt: '' },
    ]) {
      await writeFile(path, JSON.stringify({ ...content, rootKey: { source: 'passphrase', scrypt } }));
      expect(await codeOf(() => open(passphrase('x')))).toBe('keyring_malformed');
    }
  });
});

describe('the keyring file', () => {
  it('is its owner’s only, holds no key in clear, and stays when there is one', async () => {
    const keyring = await create();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const before = await readFile(path, 'utf8');
    expect(before).not.toContain(rootHex);
    expect(await codeOf(() => create())).toBe('keyring_exists');
    expect(await readFile(path, 'utf8')).toBe(before);
    await keyring.addKey();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['keyring.json']);
  });

  it('is made once, however many try at once', async () => {
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(() => create())));
    expect(codes.filter((code) => code === undefined).length).toBe(1);
    expect(new Set(codes)).toEqual(new Set([undefined, 'keyring_exists']));
    await open();
  });

  it('that is missing is said so by name', async () => {
    const failure = await failureOf(() => open());
    expect(failure?.code).toBe('keyring_missing');
    expect(failure?.message).toContain(path);
  });

  it('passes other failures of the file system on', async () => {
    path = directory;
    await expect(openKeyring(path, root)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('of another version is refused as that', async () => {
    await create();
    await writeFile(path, JSON.stringify({ ...(await contentOf()), version: 2, somethingNew: true }));
    expect(await codeOf(() => open())).toBe('keyring_version');
  });

  it('with any byte flipped never gives another key', async () => {
    const keyring = await create();
    const id = await keyring.activeKeyId();
    const mac = await keyring.mac(id, 'coffer/canary/v1', aad);
    const original = await readFile(path);
    for (let i = 0; i < original.length; i++) {
      const changed = Buffer.from(original);
      changed[i]! ^= 1;
      await writeFile(path, changed);
      const code = await codeOf(async () => {
        const other = await open();
        expect(await other.mac(await other.activeKeyId(), 'coffer/canary/v1', aad)).toEqual(mac);
      });
      expect([undefined, 'keyring_malformed', 'keyring_version', 'root_key_wrong']).toContain(code);
    }
  });

  it.each<[string, (content: Awaited<ReturnType<typeof contentOf>>) => unknown]>([
    ['no JSON', () => '{'],
    ['an empty object', () => ({})],
    ['a key of JSON that comes twice', (content) => `${JSON.stringify(content).slice(0, -1)},"version":1}`],
    ['the key __proto__', (content) => `${JSON.stringify(content).slice(0, -1)},"__proto__":{}}`],
    ['a surplus field', (content) => ({ ...content, note: 1 })],
    ['a surplus field of a key', ({ keys, ...rest }) => ({ ...rest, keys: keys.map((key) => ({ ...key, note: 1 })) })],
    ['no key', (content) => ({ ...content, keys: [] })],
    [
      'two active keys',
      ({ keys, ...rest }) => ({ ...rest, keys: [...keys, { ...keys[0], id: 'gk_0123456789abcdef' }] }),
    ],
    [
      'the same key twice',
      ({ keys, ...rest }) => ({ ...rest, keys: [...keys, { ...keys[0], state: 'decrypt-only' }] }),
    ],
    [
      'a destroyed key with bytes',
      ({ keys, ...rest }) => ({ ...rest, keys: [...keys, { ...keys[0], state: 'destroyed' }] }),
    ],
    [
      'a short wrapped key',
      ({ keys, ...rest }) => ({ ...rest, keys: keys.map((key) => ({ ...key, wrapped: 'AAAA' })) }),
    ],
  ])('with %s is refused', async (_, change) => {
    await create();
    const changed = change(await contentOf());
    await writeFile(path, typeof changed === 'string' ? changed : JSON.stringify(changed));
    const failure = await failureOf(() => open());
    expect(failure?.code).toBe('keyring_malformed');
    expect(failure?.message).toContain(path);
  });

  it('with a key under another id, or one damaged key, is refused', async () => {
    const keyring = await create();
    await keyring.addKey();
    const content = await contentOf();
    const [first, second] = content.keys as [Record<string, unknown>, Record<string, unknown>];
    const swapped = [
      { ...first, wrapped: second['wrapped'] },
      { ...second, wrapped: first['wrapped'] },
    ];
    await writeFile(path, JSON.stringify({ ...content, keys: swapped }));
    expect(await codeOf(() => open())).toBe('root_key_wrong');
    await writeFile(path, JSON.stringify({ ...content, keys: [first, { ...second, wrapped: first['wrapped'] }] }));
    expect(await codeOf(() => open())).toBe('keyring_malformed');
  });
});

describe('a crash while the file is replaced', () => {
  it('can come at any moment: whoever looks finds a whole keyring', async () => {
    const keyring = await create();
    const done = new AbortController();
    const changes = (async () => {
      for (let i = 0; i < 20; i++) await keyring.addKey();
      done.abort();
    })();
    let looks = 0;
    for (let seen = 1; !done.signal.aborted; looks++) {
      const other = await openKeyring(path, root);
      const count = (await other.listKeys()).length;
      other.close();
      expect(count).toBeGreaterThanOrEqual(seen);
      seen = count;
    }
    await changes;
    expect(looks).toBeGreaterThan(0);
  });

  it('leaves the old keyring and a leftover that does no harm', async () => {
    const keyring = await create();
    const id = await keyring.activeKeyId();
    await writeFile(`${path}.0123456789ab.tmp`, '{"version":1,"keyr');
    expect(await (await open()).activeKeyId()).toBe(id);
    await keyring.addKey();
    expect((await (await open()).listKeys()).length).toBe(2);
  });

  it('or a failed write leaves file and keys as they were', async () => {
    const keyring = await create();
    const id = await keyring.activeKeyId();
    const before = await readFile(path, 'utf8');
    const moved = join(directory, 'elsewhere.json');
    await copyFile(path, moved);
    await rm(path);
    expect(await codeOf(() => keyring.addKey())).toBe('keyring_missing');
    await copyFile(moved, path);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await keyring.activeKeyId()).toBe(id);
    await keyring.addKey();
    expect((await keyring.listKeys()).length).toBe(2);
  });
});

describe('the life of global keys', () => {
  it('goes from active to decrypt-only to destroyed', async () => {
    let time = 1000;
    const keyring = await create(root, () => time++);
    const first = await keyring.activeKeyId();
    const secret = SecretBytes.random(32);
    const wrapped = await keyring.wrap(first, secret, aad);
    const second = await keyring.addKey();
    expect(second).toMatch(/^gk_[0-9a-f]{16}$/);
    expect(await keyring.listKeys()).toEqual([
      { id: first, state: 'decrypt-only', createdAt: 1000 },
      { id: second, state: 'active', createdAt: 1001 },
    ]);
    for (const provider of [keyring, await open()]) {
      expect(await provider.activeKeyId()).toBe(second);
      expect((await provider.unwrap(first, wrapped, aad)).equals(secret)).toBe(true);
      expect(await codeOf(() => provider.wrap(first, secret, aad))).toBe('unknown_key');
    }
    const before = (await contentOf()).keys[0]?.['wrapped'];
    await keyring.destroyKey(first, unused);
    expect(await readFile(path, 'utf8')).not.toContain(before);
    for (const provider of [keyring, await open()]) {
      expect((await provider.listKeys())[0]).toEqual({ id: first, state: 'destroyed', createdAt: 1000 });
      expect(await codeOf(() => provider.unwrap(first, wrapped, aad))).toBe('unknown_key');
    }
    await keyring.destroyKey(first, () => Promise.reject(new Error('not asked')));
  });

  it('never ends for a key that is active, in use or unknown', async () => {
    const keyring = await create();
    const first = await keyring.activeKeyId();
    expect(await codeOf(() => keyring.destroyKey(first, unused))).toBe('key_active');
    await keyring.addKey();
    expect(await codeOf(() => keyring.destroyKey(first, () => Promise.resolve(true)))).toBe('key_in_use');
    await expect(keyring.destroyKey(first, () => Promise.reject(new Error('store')))).rejects.toThrow('store');
    expect(await codeOf(() => keyring.destroyKey('gk_0000000000000000', unused))).toBe('unknown_key');
    expect((await (await open()).listKeys())[0]).toMatchObject({ id: first, state: 'decrypt-only' });
  });

  it('keeps every key when several are added at once, or by another opener', async () => {
    const keyring = await create();
    const other = await open();
    const ids = [
      await keyring.activeKeyId(),
      ...(await Promise.all([keyring.addKey(), keyring.addKey(), keyring.addKey()])),
    ];
    ids.push(await other.addKey());
    expect((await other.listKeys()).map(({ id }) => id)).toEqual(ids);
    expect((await (await open()).listKeys()).map(({ id }) => id)).toEqual(ids);
  });

  it('does not disturb work under way', async () => {
    const keyring = await create();
    const id = await keyring.activeKeyId();
    const secret = SecretBytes.random(32);
    const wrapped = await keyring.wrap(id, secret, aad);
    const adding = keyring.addKey();
    const reads = await Promise.all(Array.from({ length: 200 }, () => keyring.unwrap(id, wrapped, aad)));
    await adding;
    expect(reads.every((read) => read.equals(secret))).toBe(true);
  });
});

describe('a closed keyring', () => {
  it('answers nothing any more', async () => {
    const keyring = await create();
    const id = await keyring.activeKeyId();
    keyring.close();
    keyring.close();
    for (const call of [
      () => keyring.activeKeyId(),
      () => keyring.listKeys(),
      () => keyring.mac(id, 'coffer/token/v1', aad),
      () => keyring.wrap(id, SecretBytes.random(32), aad),
      () => keyring.addKey(),
    ])
      await expect(call()).rejects.toMatchObject({ name: 'KeyringError', code: 'keyring_closed' });
  });
});

it('shows no key when inspected or turned into JSON', async () => {
  const keyring = await create();
  const shown =
    inspect(keyring, { depth: 9, showHidden: true }) + JSON.stringify(keyring) + JSON.stringify({ ...keyring });
  expect(shown).not.toContain(rootHex.slice(0, 20));
  expect(shown).not.toContain('wrapped');
});
