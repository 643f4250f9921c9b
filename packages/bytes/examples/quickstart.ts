import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { collect, exactLength, rechunk, SecretString, streamOf, tap } from '@coffer/bytes';

// A secret shows itself nowhere but inside expose().
const key = SecretString.of('K001-correct-horse');
assert.equal(JSON.stringify({ key }), '{"key":"[SecretString]"}');
assert.equal(
  key.expose((text) => text.length),
  18,
);
key.wipe();
assert.throws(() => key.expose((text) => text));

// Stages around a stream pull piece by piece; nothing is buffered but the piece being put together.
const upload = streamOf(new TextEncoder().encode('hello '), new TextEncoder().encode('world'));
const sha1 = createHash('sha1');
const pieces: string[] = [];
for await (const piece of rechunk(tap(exactLength(upload, 11), sha1), 4)) pieces.push(new TextDecoder().decode(piece));
assert.deepEqual(pieces, ['hell', 'o wo', 'rld']);
assert.equal(sha1.digest('hex'), '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed');

// What is read into memory has a limit.
await assert.rejects(collect(streamOf(new Uint8Array(11)), 10), { code: 'stream_too_long' });
