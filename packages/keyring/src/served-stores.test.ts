import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretString } from '@coffer/bytes';
import { createKeyring, openKeyring, type Keyring } from './index.ts';

const root = { kind: 'value', value: SecretString.of('0123456789abcdef'.repeat(4)) } as const;

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

async function keep(opening: Promise<Keyring>): Promise<Keyring> {
  const keyring = await opening;
  opened.push(keyring);
  return keyring;
}
const create = () => keep(createKeyring(path, root));
const open = () => keep(openKeyring(path, root));

describe('the list of stores', () => {
  const first = { storeId: '01'.repeat(16), formatVersion: 1 };
  const second = { storeId: '02'.repeat(16), formatVersion: 1 };

  it('begins empty, is on disk when a store was put on it, and outlives a new key', async () => {
    const keyring = await create();
    expect(keyring.stores).toEqual([]);
    await keyring.addStore(first);
    await keyring.addKey();
    await keyring.addStore(second);
    await keyring.addStore(first);
    expect(keyring.stores).toEqual([first, second]);
    expect((await open()).stores).toEqual([first, second]);
  });

  it('has each store once, with the format version that was said last', async () => {
    const keyring = await create();
    await keyring.addStore({ ...first, formatVersion: 2 });
    await keyring.addStore(second);
    await keyring.addStore(first);
    expect((await open()).stores).toEqual([second, first]);
  });

  it('keeps what two add at the same time', async () => {
    const [one, other] = [await create(), await open()];
    await Promise.all([one.addStore(first), other.addStore(second)]);
    expect(new Set((await open()).stores)).toEqual(new Set([first, second]));
  });

  it.each([
    ['missing', undefined],
    ['with a short id', [{ storeId: '01', formatVersion: 1 }]],
    ['with more fields', [{ ...first, more: 1 }]],
    ['with a store twice', [first, first]],
  ])('is refused %s', async (_what, stores) => {
    await create();
    const content = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...content, stores }));
    await expect(open()).rejects.toMatchObject({ code: 'keyring_malformed' });
  });
});
