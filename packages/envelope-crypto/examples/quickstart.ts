import assert from 'node:assert/strict';
import { SecretBytes, collect, streamOf } from '@coffer/bytes';
import {
  MemoryKeyProvider,
  generateFileKey,
  openBlob,
  sealBlob,
  unwrapFileKeyForServer,
  wrapFileKeyForServer,
} from '@coffer/envelope-crypto';

// A real program gets its global keys from a keyring or a KMS; this one forgets them when it ends.
const provider = new MemoryKeyProvider([
  { id: 'gk_example', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) },
]);
const file = { bucketId: 'bucket1', fileId: 'file1' };
const context = { fileId: file.fileId, partNumber: 0 };

// Seal: a fresh key for the file, kept only wrapped.
const fileKey = generateFileKey();
const wrappedKey = await wrapFileKeyForServer(provider, 'gk_example', fileKey, file);
const message = new TextEncoder().encode('attack at dawn');
const blob = await collect(sealBlob(streamOf(message), fileKey, context), 1_000_000);
fileKey.wipe();

// Open: unwrap the key, then stream the plaintext out.
const opened = await unwrapFileKeyForServer(provider, 'gk_example', wrappedKey, file);
const plaintext = await collect(openBlob(streamOf(blob), opened, context), 1_000_000);
opened.wipe();

assert.equal(new TextDecoder().decode(plaintext), 'attack at dawn');
