import assert from 'node:assert/strict';
import { fromQuery, operations, parseRequest, printJson, responseSchema, uploadFileHeaders } from '@coffer/b2-schema';

// One row tells everything about an operation.
const row = operations.b2_list_file_names;
assert.deepEqual(row.authorization, { by: 'account', capability: 'listFiles' });
assert.equal(row.scope.prefix, 'prefix');

// A server parses the JSON of a request: nulls are absent, defaults are filled in, ids are branded.
const request = parseRequest(row, { bucketId: '8d625eb63be2775577c70e1a', maxFileCount: 0, delimiter: null }, 'v2');
assert(request.ok);
assert.equal(request.value.maxFileCount, 100);

// The same fields may come as a query.
const query = fromQuery(row, new URLSearchParams('bucketId=8d625eb63be2775577c70e1a&maxFileCount=5'));
assert(query.ok && parseRequest(row, query.value).ok);

// What is wrong is said as the service says it.
const refused = parseRequest(row, { bucketId: '8d625eb63be2775577c70e1a', prefxi: 'a/' });
assert.deepEqual(refused, {
  ok: false,
  code: 'bad_request',
  message: 'unknown field in ListFileNamesRequest: prefxi',
  field: 'prefxi',
});

// Uploads come in headers: pairs, `Headers`, or Node's `headers` object.
const upload = uploadFileHeaders.parse([
  ['X-Bz-File-Name', 'caf%C3%A9.txt'],
  ['Content-Type', 'b2/x-auto'],
  ['X-Bz-Content-Sha1', 'do_not_verify'],
]);
assert(upload.ok);
assert.equal(upload.value.fileName, 'café.txt');

// A client reads a response with the schema of its version; a server prints members in alphabetical order.
const page = responseSchema(row, 'v2').parse({ nextFileName: null, files: [] });
assert.equal(printJson(page), '{"files":[],"nextFileName":null}');
