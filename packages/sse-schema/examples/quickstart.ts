import assert from 'node:assert/strict';
import {
  checkReadParameters,
  CustomerKey,
  effectiveEncryption,
  parseB2UploadHeaders,
  printB2UploadHeaders,
} from '@coffer/sse-schema';

// A client chooses a key of 32 bytes and prints the headers of an upload with SSE-C.
const customerKey = CustomerKey.fromBytes(crypto.getRandomValues(new Uint8Array(32)));
const headers = printB2UploadHeaders({ mode: 'SSE-C', customerKey });

// A server parses them, from pairs, `Headers` or Node's `headers` object: all or nothing, the MD5 checked, two of a
// header refused.
const parsed = parseB2UploadHeaders(headers);
assert(parsed.ok);

// The request beats the bucket's default; none never opts out of it.
const options = { encryptByDefault: false };
const chosen = effectiveEncryption(parsed.value, 'SSE-B2', options);
assert.equal(chosen.mode, 'SSE-C');
assert.equal(effectiveEncryption({ mode: 'none' }, 'SSE-B2', options).mode, 'SSE-B2');

// Reading the file needs the key again.
assert.equal(checkReadParameters('SSE-C', undefined), 'customer_key_required');
assert.equal(checkReadParameters('SSE-C', chosen), undefined);

// A key shows itself nowhere by accident, and is zeroed when the request is done.
assert.equal(JSON.stringify({ customerKey }), '{"customerKey":"[CustomerKey]"}');
customerKey.wipe();
