import assert from 'node:assert/strict';
import { abortable, collect, encodeBase64, exactLength, fromWebStream, SecretBytes, toWebStream } from '@coffer/bytes';

// Nothing here needs Node: a key that must not be seen, such as one for SSE-C.
const key = SecretBytes.random(32);
assert.equal(JSON.stringify({ key }), '{"key":"[SecretBytes]"}');
assert.equal(key.expose(encodeBase64).length, 44);
key.wipe();
assert.throws(() => key.expose(encodeBase64));

// A file that somebody chose, or the body of an answer, is a Web stream, which becomes a byte stream and back.
const file = new Blob(['Hello, world']);
const checked = exactLength(abortable(fromWebStream(file.stream()), new AbortController().signal), file.size);
const text = await collect(fromWebStream(toWebStream(checked)), 100);
assert.equal(new TextDecoder().decode(text), 'Hello, world');
