import assert from 'node:assert/strict';
import { parseRequest } from '@coffer/b2-schema';
import { consoleOperations } from '@coffer/console-schema';

// One row tells everything about an operation.
const row = consoleOperations.coffer_get_console;
assert.equal(row.notPartOfB2, true);
assert.deepEqual(row.authorization, { by: 'capabilities', capabilities: [] });

// A server parses requests as strictly as those of B2.
assert.equal(parseRequest(row, { colour: 'dark' }).ok, false);

// A client reads the answer.
const facts = { version: '0.1.0', encryptedDownloads: false, snapshots: true, s3Region: 'us-east-1' };
assert.equal(row.response.parse(facts).encryptedDownloads, false);
