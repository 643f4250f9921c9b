import assert from 'node:assert/strict';
import { typescriptEngine } from '@coffer/envelope-crypto';
import { nativeEngine } from '@coffer/envelope-native';

// The native engine where its library is there; where it is not, a sentence says why, and the other one does the work.
const found = nativeEngine();
if ('missing' in found) console.log(found.missing);
const engine = 'engine' in found ? found.engine : typescriptEngine;

// Key and base nonce of one blob's chunks; they are copied, so wipe your own.
const key = crypto.getRandomValues(new Uint8Array(32));
const nonce = crypto.getRandomValues(new Uint8Array(12));
const worker = engine.chunksOf(key, nonce);
key.fill(0);

// 100,000 bytes are six full chunks of 16 KiB and a short one, each with a tag of 16 bytes.
const plaintext = new Uint8Array(100_000).fill(7);
const sealed = new Uint8Array(plaintext.length + 7 * 16);
worker.seal(0, plaintext, sealed);

// The other thread, where the engine has one.
const opened = new Uint8Array(plaintext.length);
if (worker.openAside === undefined) worker.open(0, sealed, opened);
else await worker.openAside(0, sealed, opened);
assert.deepEqual(opened, plaintext);

// Some bytes are changed, and the chunk that they are in is refused; nothing of it is left.
sealed.fill(0, 20_000, 20_016);
const refusal = { code: 'not_authentic', message: /^Chunk 1 of the blob/ };
assert.throws(() => {
  worker.open(0, sealed, opened);
}, refusal);
assert.ok(opened.subarray(16_384).every((byte) => byte === 0));
worker.discard();
