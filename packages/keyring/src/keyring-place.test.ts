import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SecretBytes, SecretString } from '@coffer/bytes';
import { createKeyring } from './create-keyring.ts';
import { filePlace } from './file-place.ts';
import { keyringPlaceChecks } from './keyring-place-contract.ts';
import type { KeyringPlace } from './keyring-place.ts';
import { openKeyring } from './open-keyring.ts';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyring-place-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A place that lets others be faster: a change is made again when the text is no longer the one it was given. */
function sharedText(): () => KeyringPlace {
  let text: string | undefined;
  let revision = 0;
  const put = (next: string): void => {
    text = next;
    revision++;
  };
  return () => ({
    name: 'the shared record',
    read: () => Promise.resolve(text),
    identity: () => Promise.resolve(text === undefined ? undefined : String(revision)),
    create: (next) => {
      if (text !== undefined) return Promise.resolve(false);
      put(next);
      return Promise.resolve(true);
    },
    change: async (change) => {
      for (;;) {
        const before = revision;
        const next = await change(text);
        if (next === undefined) return;
        if (revision === before) {
          put(next);
          return;
        }
      }
    },
  });
}

describe.each([
  [
    'a file',
    () => {
      const path = join(folder, `place-${++count}`);
      return () => filePlace(path);
    },
  ],
  ['a record that others change', sharedText],
])('%s as the place of a keyring', (_, make) => {
  test.each(keyringPlaceChecks)('$name', async (check) => {
    await check.run(make());
  });

  test('is not changed by a keyring that knows more than its text', async () => {
    const open = make();
    const root = () => ({ kind: 'value' as const, value: SecretString.of('5a'.repeat(32)) });
    const keyring = await createKeyring(open(), root());
    const firstKey = await keyring.activeKeyId();
    const older = await open().read();
    const secondKey = await keyring.addKey();
    const aad = new Uint8Array(1);
    const secret = SecretBytes.random(32);
    const wrapped = await keyring.wrap(secondKey, secret, aad);
    const newer = await open().read();
    await open().change(() => Promise.resolve(older));
    for (const change of [
      () => keyring.addKey(),
      () => keyring.addStore({ storeId: '0'.repeat(32), formatVersion: 1 }),
      () => keyring.destroyKey(firstKey, () => Promise.resolve(false)),
      () => keyring.reload(),
    ])
      await expect(change()).rejects.toMatchObject({ code: 'keyring_malformed' });
    expect(await open().read()).toBe(older);
    expect((await keyring.unwrap(secondKey, wrapped, aad)).equals(secret)).toBe(true);
    // A key that was destroyed does not come back.
    await open().change(() => Promise.resolve(newer));
    await keyring.destroyKey(firstKey, () => Promise.resolve(false));
    await open().change(() => Promise.resolve(newer));
    await expect(keyring.addKey()).rejects.toMatchObject({ code: 'keyring_malformed' });
    keyring.close();
  });

  test('holds a keyring that several change at the same time, with no key in clear', async () => {
    const open = make();
    const root = () => ({ kind: 'value' as const, value: SecretString.of('5a'.repeat(32)) });
    const first = await createKeyring(open(), root());
    await expect(createKeyring(open(), root())).rejects.toMatchObject({ code: 'keyring_exists' });
    const others = await Promise.all([openKeyring(open(), root()), openKeyring(open(), root())]);
    const added = await Promise.all([first, ...others].map((keyring) => keyring.addKey()));
    await Promise.all(
      others.map((keyring, index) => keyring.addStore({ storeId: `${index}`.repeat(32), formatVersion: 1 })),
    );
    await first.reload();
    const keys = await first.listKeys();
    expect(keys).toHaveLength(4);
    expect(keys.map(({ id }) => id)).toEqual(expect.arrayContaining(added));
    expect(keys.filter(({ state }) => state === 'active')).toHaveLength(1);
    const last = await openKeyring(open(), root());
    expect(last.stores).toHaveLength(2);
    // What one has wrapped the others unwrap, with keys that they have not seen.
    const aad = new Uint8Array(1);
    const secret = SecretBytes.random(32);
    const wrapped = await first.wrap(await first.activeKeyId(), secret, aad);
    for (const keyring of others)
      expect((await keyring.unwrap(await first.activeKeyId(), wrapped, aad)).equals(secret)).toBe(true);
    for (const keyring of [first, last, ...others]) keyring.close();
  });
});
