import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretBytes } from '@coffer/bytes';
import { createKeyring, openKeyring } from '@coffer/keyring';

const directory = await mkdtemp(join(tmpdir(), 'keyring-example-'));
const path = join(directory, 'data', 'keyring.json');
const root = { kind: 'file', path: join(directory, 'keys', 'root.key') } as const;

// Once: makes the root key file, to be backed up apart from the data, and a keyring with one active key.
const made = await createKeyring(path, root);
made.close();

// At every start.
const keyring = await openKeyring(path, root);
const firstKey = await keyring.activeKeyId();
const place = new TextEncoder().encode('what the secret belongs to');
const secret = SecretBytes.random(32);
const wrapped = await keyring.wrap(firstKey, secret, place);

// Rotation: what the old key wrapped still opens.
const secondKey = await keyring.addKey();
assert.equal(await keyring.activeKeyId(), secondKey);
assert.ok((await keyring.unwrap(firstKey, wrapped, place)).equals(secret));

keyring.close();
await rm(directory, { recursive: true });
