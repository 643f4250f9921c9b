import assert from 'node:assert/strict';
import { HeaderList } from '@coffer/http';
import {
  errorXml,
  QueryParameters,
  readDocument,
  readRequest,
  S3Error,
  selectOperation,
  splitAddress,
} from '@coffer/s3-schema';
import { printXml } from '@coffer/xml';

// Bucket and key of a request, by its host and its raw path.
const domains = [{ domain: 's3.local.example', region: 'local' }];
const { bucket, key } = splitAddress('photos.s3.local.example:9000', '/cats/a%20b.png', domains);
assert.deepEqual([bucket, key], ['photos', 'cats/a b.png']);

// The operation, by method and query; a request that means none is told what it may do.
const headers = new HeaderList([
  ['x-amz-meta-camera', 'old'],
  ['x-amz-server-side-encryption', 'AES256'],
]);
const query = QueryParameters.parse('x-id=PutObject');
const selection = selectOperation({ method: 'PUT', bucket, key, query, headers });
assert.deepEqual(selection, { kind: 'operation', name: 'PutObject' });

// What it says, as values and not as headers.
const request = readRequest('PutObject', { query, headers, isSecure: true });
assert.deepEqual(request.headers.fileInfo, { camera: 'old' });
assert.deepEqual(request.encryption.target, { mode: 'SSE-B2' });

// The document in a body, read strictly.
const body = new TextEncoder().encode('<Delete><Object><Key>a &amp; b</Key></Object></Delete>');
assert.equal(readDocument('DeleteObjects', body)?.entries[0]?.key, 'a & b');

// Whatever is refused is an S3Error, which prints as the document that clients know.
const error = new S3Error('NoSuchKey', { details: { Key: 'cats/a b.png' } });
const answer = printXml(errorXml(error, { resource: '/photos/cats/a b.png', requestId: '0123', hostId: '4567' }));
assert.equal(error.status, 404);
assert(answer.includes('<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>'));
