import { fixedClock, type FixedClock } from '@coffer/storage-testkit';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { customerKey, sseS3 } from './test-support/customer-keys.ts';
import { TestUpload } from './test-support/multipart.ts';
import { childrenOf, childText, TestServer } from './test-support/test-server.ts';

const md5 = (body: string) => createHash('md5').update(body).digest();
const key = customerKey(1);

let clock: FixedClock;
let server: TestServer;
beforeEach(async () => {
  clock = fixedClock(1_700_000_000_000);
  server = await TestServer.inMemory({ clock });
  await server.createBucket('bucket');
});

const start = (path = '/bucket/big', options: Parameters<typeof TestUpload.start>[2] = {}) =>
  TestUpload.start(server, path, options);
const read = (target = '/bucket/big', headers: Readonly<Record<string, string>> = {}) => server.ok({ target, headers });

/** Ten bytes are enough for a part here. */
const [one, two, three] = ['1'.repeat(20), '2'.repeat(30), '3'.repeat(5)] as const;

const encryptions = [
  { mode: 'none', headers: {}, reading: {}, shown: {} },
  { mode: 'SSE-S3', headers: sseS3, reading: {}, shown: { 'x-amz-server-side-encryption': 'AES256' } },
  {
    mode: 'SSE-C',
    headers: key.headers,
    reading: key.headers,
    shown: {
      'x-amz-server-side-encryption-customer-algorithm': 'AES256',
      'x-amz-server-side-encryption-customer-key-MD5': key.md5,
    },
  },
] as const;

describe.each(encryptions)('an upload with $mode', ({ mode, headers, reading, shown }) => {
  it('is an object of its parts once it is completed, and nothing before', async () => {
    const metadata = { 'Content-Type': 'text/plain', 'x-amz-meta-k': 'v', 'Cache-Control': 'no-cache' };
    const begun = await server.ok({
      method: 'POST',
      target: '/bucket/big?uploads',
      headers: { ...headers, ...metadata },
    });
    expect(begun.xml?.name).toBe('InitiateMultipartUploadResult');
    expect([childText(begun.xml, 'Bucket'), childText(begun.xml, 'Key')]).toEqual(['bucket', 'big']);
    const uploadId = childText(begun.xml, 'UploadId') ?? '';
    expect(begun.headers.get('x-amz-version-id')).toBe(uploadId);
    const upload = new TestUpload(server, '/bucket/big', uploadId, reading);
    clock.advance(5_000);
    const sent = [await upload.part(1, one), await upload.part(2, two), await upload.part(3, three)];
    await server.refused({ target: '/bucket/big', headers: reading }, { code: 'NoSuchKey' });
    await server.refused({ target: `/bucket/big?versionId=${uploadId}`, headers: reading }, { code: 'NoSuchVersion' });
    const done = await upload.complete(sent, reading);
    for (const answer of [begun, done]) expect(Object.fromEntries(answer.headers.pairs)).toMatchObject(shown);
    expect(done.xml?.name).toBe('CompleteMultipartUploadResult');
    expect(['Location', 'Bucket', 'Key'].map((name) => childText(done.xml, name))).toEqual([
      'http://localhost/bucket/big',
      'bucket',
      'big',
    ]);
    const etag = childText(done.xml, 'ETag') ?? '';
    const hash = createHash('md5').update(Buffer.concat([md5(one), md5(two), md5(three)]));
    if (mode === 'SSE-C') expect(etag).toMatch(/^"[0-9a-f]{32}-3"$/);
    else expect(etag).toBe(`"${hash.digest('hex')}-3"`);
    const { text, headers: got } = await read('/bucket/big', reading);
    expect(text).toBe(one + two + three);
    expect(Object.fromEntries(got.pairs)).toMatchObject({
      ...shown,
      ETag: etag,
      'Content-Type': 'text/plain',
      'x-amz-meta-k': 'v',
      'Cache-Control': 'no-cache',
      'x-amz-version-id': uploadId,
      // An object of parts is as old as the start of its upload.
      'Last-Modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
    });
  });

  it('has ranges across its parts, and the parts themselves', async () => {
    const upload = await start('/bucket/big', { headers, partHeaders: reading });
    const sent = [await upload.part(1, one), await upload.part(2, two), await upload.part(3, three)];
    const etag = childText((await upload.complete(sent)).xml, 'ETag');
    const whole = one + two + three;
    for (const [from, to] of [
      [0, 19],
      [19, 20],
      [15, 52],
      [49, 54],
    ] as const) {
      const answer = await read('/bucket/big', { ...reading, Range: `bytes=${from}-${to}` });
      expect([answer.status, answer.text]).toEqual([206, whole.slice(from, to + 1)]);
    }
    for (const [index, [text, range]] of (
      [
        [one, '0-19'],
        [two, '20-49'],
        [three, '50-54'],
      ] as const
    ).entries()) {
      for (const method of ['GET', 'HEAD'] as const) {
        const target = `/bucket/big?partNumber=${index + 1}`;
        const part = await server.ok({ method, target, headers: reading });
        expect([part.status, part.text]).toEqual([206, method === 'GET' ? text : '']);
        expect(Object.fromEntries(part.headers.pairs)).toMatchObject({
          ...shown,
          'Content-Range': `bytes ${range}/55`,
          'x-amz-mp-parts-count': '3',
          ETag: etag,
        });
        if (method === 'HEAD') expect(part.headers.get('content-length')).toBe(String(text.length));
      }
    }
    const refused = await server.refused(
      { target: '/bucket/big?partNumber=4', headers: reading },
      { code: 'InvalidPartNumber', message: 'The requested partnumber is not satisfiable' },
    );
    const details = ['ActualPartCount', 'PartNumberRequested'].map((name) => childText(refused.xml, name));
    expect(details).toEqual(['3', '4']);
  });
});

describe('a completion', () => {
  it('may be of one part, of any size', async () => {
    const upload = await start();
    const done = await upload.complete([await upload.part(1, 'x')]);
    expect(childText(done.xml, 'ETag')).toBe(`"${createHash('md5').update(md5('x')).digest('hex')}-1"`);
    expect((await read()).text).toBe('x');
    expect((await read('/bucket/big?partNumber=1')).headers.get('x-amz-mp-parts-count')).toBe('1');
  });

  it('may leave out numbers, and discards parts that it does not name', async () => {
    const upload = await start();
    const first = await upload.part(2, one);
    await upload.part(3, two);
    const last = await upload.part(9_999, three);
    await upload.part(10_000, 'discarded');
    await upload.complete([first, last]);
    expect((await read()).text).toBe(one + three);
    expect((await read('/bucket/big?partNumber=9999')).text).toBe(three);
    for (const missing of [1, 3, 10_000]) {
      await server.refused({ target: `/bucket/big?partNumber=${missing}` }, { code: 'InvalidPartNumber' });
    }
    expect(await server.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, leftovers: 0, deletions: 0 });
  });

  it('takes the part that was sent last under a number', async () => {
    const upload = await start();
    const replaced = await upload.part(1, one);
    const part = await upload.part(1, two);
    await server.refused(upload.completeRequest([replaced]), { code: 'InvalidPart' });
    await upload.complete([part]);
    expect((await read()).text).toBe(two);
  });

  it('is refused for a part that is not there or has another tag, which it names', async () => {
    const upload = await start();
    const part = await upload.part(1, one);
    const wrong = { partNumber: 1, etag: '"00000000000000000000000000000000"' };
    for (const sent of [[wrong], [part, { ...part, partNumber: 2 }], [{ ...part, partNumber: 2 }]]) {
      const refused = await server.refused(upload.completeRequest(sent), {
        code: 'InvalidPart',
        message:
          'One or more of the specified parts could not be found.  The part may not have been uploaded, or the ' +
          "specified entity tag may not match the part's entity tag.",
      });
      const last = sent.at(-1);
      expect(['UploadId', 'PartNumber', 'ETag'].map((name) => childText(refused.xml, name))).toEqual([
        upload.uploadId,
        String(last?.partNumber),
        last?.etag,
      ]);
    }
  });

  it('is refused for parts that do not ascend, are too small, or are none', async () => {
    const upload = await start();
    const [small, big] = [await upload.part(1, 'small'), await upload.part(2, two)];
    await server.refused(upload.completeRequest([big, small]), { code: 'InvalidPartOrder' });
    await server.refused(upload.completeRequest([small, small]), { code: 'InvalidPartOrder' });
    const refused = await server.refused(upload.completeRequest([small, big]), { code: 'EntityTooSmall' });
    const details = ['MinSizeAllowed', 'ProposedSize', 'PartNumber', 'ETag'];
    expect(details.map((name) => childText(refused.xml, name))).toEqual(['10', '5', '1', small.etag]);
    await server.refused(upload.completeRequest([]), {
      code: 'InvalidRequest',
      message: 'You must specify at least one part',
    });
    for (const body of [
      '',
      'nonsense',
      '<Other></Other>',
      '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>',
    ]) {
      await server.refused({ method: 'POST', target: upload.target, body }, { code: 'MalformedXML' });
    }
    const noPart = upload.completeRequest([{ ...big, partNumber: 10_001 }]);
    await server.refused(noPart, { code: 'InvalidArgument' });
    await upload.complete([big]);
  });

  it('is refused for an upload that is not there, or is of another key or bucket', async () => {
    await server.createBucket('another');
    const upload = await start();
    const part = await upload.part(1, one);
    const elsewhere = [
      new TestUpload(server, '/bucket/other', upload.uploadId),
      new TestUpload(server, '/another/big', upload.uploadId),
      new TestUpload(server, '/bucket/big', 'nonsense'),
    ];
    for (const wrong of elsewhere) {
      const refused = await server.refused(wrong.completeRequest([part]), { code: 'NoSuchUpload' });
      expect(childText(refused.xml, 'UploadId')).toBe(wrong.uploadId);
      for (const request of [
        wrong.partRequest(1, one),
        { method: 'DELETE', target: wrong.target },
        { target: wrong.target },
      ]) {
        await server.refused(request, { code: 'NoSuchUpload' });
      }
    }
    const object = await server.ok({ method: 'PUT', target: '/bucket/small', body: 'x' });
    const ofObject = new TestUpload(server, '/bucket/small', object.headers.get('x-amz-version-id') ?? '');
    await server.refused(ofObject.completeRequest([part]), { code: 'NoSuchUpload' });
  });

  it('may be sent again, and has the same answer as long as the version is there', async () => {
    const upload = await start();
    const parts = [await upload.part(1, one), await upload.part(2, two)];
    const first = await upload.complete(parts, { 'If-None-Match': '*' });
    const before = await server.snapshot();
    const again = await upload.complete(parts, { 'If-None-Match': '*' });
    expect(again.text).toBe(first.text);
    expect(again.headers.get('x-amz-version-id')).toBe(first.headers.get('x-amz-version-id'));
    expect(await server.snapshot()).toEqual(before);
    await server.refused(upload.completeRequest(parts.slice(0, 1)), { code: 'NoSuchUpload' });
    await server.refused(upload.partRequest(3, three), { code: 'NoSuchUpload' });
    await server.refused({ method: 'DELETE', target: upload.target }, { code: 'NoSuchUpload' });
    await server.ok({ method: 'DELETE', target: `/bucket/big?versionId=${upload.uploadId}` });
    await server.refused(upload.completeRequest(parts), { code: 'NoSuchUpload' });
  });

  it('holds to its conditions, or changes nothing', async () => {
    const upload = await start();
    const parts = [await upload.part(1, one)];
    const missing = upload.completeRequest(parts, { 'If-Match': '"other"' });
    await server.refused(missing, { code: 'NoSuchKey' });
    const put = await server.ok({ method: 'PUT', target: '/bucket/big', body: 'small' });
    for (const [name, value] of [
      ['If-None-Match', '*'],
      ['If-Match', '"other"'],
    ] as const) {
      const refused = await server.refused(upload.completeRequest(parts, { [name]: value }), {
        code: 'PreconditionFailed',
      });
      expect(childText(refused.xml, 'Condition')).toBe(name);
    }
    const later = await start();
    const moved = [await later.part(1, one)];
    await later.complete(moved, { 'If-Match': put.headers.get('etag') ?? '' });
    expect((await server.ok({ target: '/bucket/big' })).text).toBe(one);
  });

  it('is refused under a condition where something newer would stay current', async () => {
    const upload = await start();
    const parts = [await upload.part(1, one)];
    const conflict = async (name: string, value: string) => {
      const refused = await server.refused(upload.completeRequest(parts, { [name]: value }), {
        code: 'ConditionalRequestConflict',
      });
      expect([childText(refused.xml, 'Condition'), childText(refused.xml, 'Key')]).toEqual([name, 'big']);
    };
    const put = await server.ok({ method: 'PUT', target: '/bucket/big', body: 'small' });
    await conflict('If-Match', put.headers.get('etag') ?? '');
    await server.ok({ method: 'DELETE', target: '/bucket/big' });
    await conflict('If-None-Match', '*');
    await upload.complete(parts);
  });

  it('compares the size that it says', async () => {
    const upload = await start();
    const parts = [await upload.part(1, one), await upload.part(2, three)];
    await server.refused(upload.completeRequest(parts, { 'x-amz-mp-object-size': '24' }), {
      code: 'InvalidRequest',
      message: "The provided 'x-amz-mp-object-size' header value 24 does not match what was computed: 25",
    });
    for (const nonsense of ['-1', 'many']) {
      const request = upload.completeRequest(parts, { 'x-amz-mp-object-size': nonsense });
      expect((await server.send(request)).status).toBe(400);
    }
    await upload.complete(parts, { 'x-amz-mp-object-size': '25' });
  });

  it('is taken whatever the type of its document is, and whoever wrote it', async () => {
    const upload = await start();
    const { etag } = await upload.part(1, one);
    const body =
      '<?xml version="1.0"?>\n<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n' +
      `  <Part><ETag>${etag.replaceAll('"', '&quot;')}</ETag><PartNumber>1</PartNumber></Part>\n</CompleteMultipartUpload>`;
    await server.ok({ method: 'POST', target: upload.target, body, headers: { 'Content-Type': 'text/plain' } });
    await server.ok({ method: 'POST', target: upload.target, body: body.replaceAll('&quot;', '') });
  });
});

describe('an upload', () => {
  it('that is aborted is gone with its parts', async () => {
    const before = await server.snapshot();
    const upload = await start();
    await upload.part(1, 'x'.repeat(2_000));
    expect((await server.ok({ method: 'DELETE', target: upload.target })).status).toBe(204);
    await server.refused({ method: 'DELETE', target: upload.target }, { code: 'NoSuchUpload' });
    await server.refused(upload.partRequest(1, one), { code: 'NoSuchUpload' });
    const [now, then] = [await server.snapshot(), before] as { blobs: unknown; tables: Record<string, unknown> }[];
    expect(now?.blobs).toEqual(then?.blobs);
    for (const table of ['parts', 'unfinishedFiles', 'fileVersions', 'inlineBlobs', 'pendingDeletions']) {
      expect(now?.tables[table]).toEqual(then?.tables[table]);
    }
  });

  it('does not touch what its key has until it is completed', async () => {
    await server.ok({ method: 'PUT', target: '/bucket/big', body: 'before' });
    clock.advance(1_000);
    const upload = await start();
    const part = await upload.part(1, one);
    expect((await read()).text).toBe('before');
    await upload.complete([part]);
    expect((await read()).text).toBe(one);
  });

  it('that began before a newer object was put lies behind that', async () => {
    const upload = await start();
    clock.advance(1_000);
    await server.ok({ method: 'PUT', target: '/bucket/big', body: 'newer' });
    await upload.complete([await upload.part(1, one)]);
    expect((await read()).text).toBe('newer');
    expect((await read(`/bucket/big?versionId=${upload.uploadId}`)).text).toBe(one);
  });

  it('lists its parts, page by page', async () => {
    const upload = await start('/bucket/a%20b', { headers: { 'x-amz-checksum-algorithm': 'CRC32' } });
    for (const number of [1, 3, 7]) await upload.part(number, String(number).repeat(10));
    const { xml } = await server.ok({ target: upload.target });
    expect(xml?.children.map(({ name, text }) => [name, text])).toEqual([
      ['Bucket', 'bucket'],
      ['Key', 'a b'],
      ['UploadId', upload.uploadId],
      ['Initiator', ''],
      ['Owner', ''],
      ['StorageClass', 'STANDARD'],
      ['PartNumberMarker', '0'],
      ['MaxParts', '1000'],
      ['IsTruncated', 'false'],
      ['ChecksumAlgorithm', 'CRC32'],
      ['ChecksumType', 'COMPOSITE'],
      ['Part', ''],
      ['Part', ''],
      ['Part', ''],
    ]);
    const [first] = childrenOf(xml, 'Part');
    expect(first?.children.map(({ name, text }) => [name, text])).toEqual([
      ['PartNumber', '1'],
      ['LastModified', '2023-11-14T22:13:20.000Z'],
      ['ETag', `"${md5('1'.repeat(10)).toString('hex')}"`],
      ['Size', '10'],
      ['ChecksumCRC32', expect.stringMatching(/^[A-Za-z0-9+/]{6}==$/)],
    ]);
    const page = async (query: string) => {
      const answer = await server.ok({ target: `${upload.target}${query}` });
      const numbers = childrenOf(answer.xml, 'Part').map((part) => childText(part, 'PartNumber'));
      return [numbers, childText(answer.xml, 'IsTruncated'), childText(answer.xml, 'NextPartNumberMarker')];
    };
    expect(await page('&max-parts=2')).toEqual([['1', '3'], 'true', '3']);
    expect(await page('&max-parts=2&part-number-marker=3')).toEqual([['7'], 'false', undefined]);
    expect(await page('&max-parts=0')).toEqual([[], 'false', undefined]);
    expect(await page('&max-parts=2000&part-number-marker=7')).toEqual([[], 'false', undefined]);
    for (const query of ['max-parts=-1', 'part-number-marker=x']) {
      await server.refused({ target: `${upload.target}&${query}` }, { code: 'InvalidArgument' });
    }
  });
});
