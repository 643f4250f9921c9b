import { encodePercent, operationNames, operations, overrideNames, type OperationRow } from '@coffer/b2-schema';
import { fc, test } from '@fast-check/vitest';
import { beforeAll, describe, expect } from 'vitest';
import { customerKey } from './test-support/customer-keys.ts';
import { origin, TestServer } from './test-support/test-server.ts';
import { validCalls, type ValidCalls } from './test-support/valid-calls.ts';

let server: TestServer;
let valid: ValidCalls;
let uploadTarget: string;
let uploadToken: string;

beforeAll(async () => {
  server = await TestServer.inMemory();
  valid = await validCalls(server);
  const bucketId = valid.b2_list_file_names['bucketId'];
  const url = await server.ok('b2_get_upload_url', { bucketId });
  uploadTarget = url.uploadUrl.slice(origin.length);
  uploadToken = url.authorizationToken;
});

const rows: readonly OperationRow[] = Object.values(operations);
const fieldNames = [...new Set(rows.flatMap((row) => (row.kind === 'upload' ? [] : Object.keys(row.request.shape))))];
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '../..', '\ud800', 'x'.repeat(3000), '4_z', '%00', 'bytes=0-', 'SSE-C', '9'.repeat(17)),
);
const oddValue = fc.oneof(
  oddText,
  fc.jsonValue(),
  fc.integer(),
  fc.double(),
  fc.constantFrom({ mode: 'SSE-C' }, -0, 1e308),
);
const oddFields = fc.dictionary(fc.oneof(fc.constantFrom(...fieldNames), oddText), oddValue, { maxKeys: 4 });
/** What Node's parser lets through as the value of a header. */
const oddHeader = oddText.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '~'));
const headerNames = [
  ...Object.keys(customerKey(1).headers),
  'X-Bz-Server-Side-Encryption',
  'X-Bz-File-Name',
  'X-Bz-Part-Number',
  'X-Bz-Content-Sha1',
  'X-Bz-Info-a',
  'X-Bz-Info-b2-expires',
  'X-Bz-Custom-Upload-Timestamp',
  'X-Bz-File-Legal-Hold',
  'X-Bz-File-Retention-Mode',
  'Content-Type',
  'Content-MD5',
  'Range',
  'Authorization',
];
const oddHeaders = fc.dictionary(fc.constantFrom(...headerNames), oddHeader, { maxKeys: 5 });
const oddQuery = fc
  .array(fc.tuple(fc.constantFrom(...fieldNames, ...overrideNames, 'Authorization'), oddText), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodePercent(value)}`).join('&'));

/** No request, however odd, is a fault of the server. */
describe('odd requests', () => {
  const runs = { numRuns: 400 };

  test.prop([fc.constantFrom(...operationNames), oddFields, fc.boolean(), fc.constantFrom('v1', 'v3', 'v4')], runs)(
    'as JSON',
    async (name, fields, replace, version) => {
      const base = replace && name in valid ? valid[name as keyof ValidCalls] : {};
      const { status } = await server.send({
        method: 'POST',
        target: `/b2api/${version}/${name}`,
        headers: { Authorization: server.masterToken },
        body: JSON.stringify({ ...base, ...fields }),
      });
      expect(status).toBeLessThan(500);
      expect(server.errors).toEqual([]);
    },
  );

  test.prop([fc.constantFrom(...operationNames), oddQuery, fc.string({ maxLength: 20 })], runs)(
    'as query and path',
    async (name, query, path) => {
      const encoded = encodePercent(path);
      for (const target of [`/b2api/v4/${name}?${query}`, `/file/bucket-full/${path}?${query}`, `/file/${encoded}`]) {
        const { status } = await server.send({ target, headers: { Authorization: server.masterToken } });
        expect(status).toBeLessThan(500);
      }
      expect(server.errors).toEqual([]);
    },
  );

  test.prop([oddHeaders, fc.uint8Array({ maxLength: 60 }), fc.option(fc.nat({ max: 80 }))], runs)(
    'as headers',
    async (headers, body, contentLength) => {
      const own = { 'X-Bz-File-Name': 'a', 'Content-Type': 'a/b', 'X-Bz-Content-Sha1': 'do_not_verify' };
      const upload = await server.send({
        method: 'POST',
        target: uploadTarget,
        headers: { Authorization: uploadToken, ...own, ...headers },
        body,
        contentLength: contentLength ?? undefined,
      });
      const download = await server.send({
        target: '/file/bucket-full/kept',
        headers: { Authorization: server.masterToken, ...headers },
      });
      expect(Math.max(upload.status, download.status)).toBeLessThan(500);
      expect(server.errors).toEqual([]);
    },
  );
});
