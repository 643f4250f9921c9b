import { checksumAlgorithms, type ChecksumAlgorithm } from '@coffer/s3-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { customerKey } from './test-support/customer-keys.ts';
import { TestUpload, type SentPart } from './test-support/multipart.ts';
import { childrenOf, childText, TestServer } from './test-support/test-server.ts';

// The values of these parts, and of them together, are recorded answers of AWS.
const first = new Uint8Array(5 * 1024 * 1024).fill(0x61);
const second = 'b'.repeat(10);
const etag = '"8b0be7847da5564ae08e97af63b60885-2"';

const vectors: Readonly<Record<ChecksumAlgorithm, { parts: readonly [string, string]; of: string; full?: string }>> = {
  CRC32: { parts: ['r/zBbw==', 'Qi9M+A=='], of: 'meG8JQ==', full: '1FimjA==' },
  CRC32C: { parts: ['WpuOeg==', 'FuoJPw=='], of: 'SbZNDA==', full: 'Ecdwnw==' },
  CRC64NVME: { parts: ['PbvLEkWUSgg=', 'ZFjmMZfd7no='], of: '', full: 'om/L0dM0gF4=' },
  SHA1: {
    parts: ['YbjWYArJTZEodPVpqTQRIPaAyfg=', 'Rd+3nWaDdPZXizEodG3OWbegLoA='],
    of: 'Px8/ne1+IDofwS6M8PXOhL4PeBQ=',
  },
  SHA256: {
    parts: ['oplo+tLngqqfIECjXwWtuX7Yl56x9XLIyOp4Y34nXzw=', 'bS/jLcQknvfnNZxth0//u/M16DLkmiaBI24baGr3h5Q='],
    of: 'zTBnwsNWVkdz0PwZObp0pDCxhYpP8sndExucneRKiO0=',
  },
};

type Type = 'COMPOSITE' | 'FULL_OBJECT';
const cases: readonly (readonly [ChecksumAlgorithm, Type])[] = [
  ['CRC32', 'COMPOSITE'],
  ['CRC32C', 'COMPOSITE'],
  ['SHA1', 'COMPOSITE'],
  ['SHA256', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC32C', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
];

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.inMemory();
  await server.createBucket('bucket');
});

const header = (algorithm: ChecksumAlgorithm) => checksumAlgorithms[algorithm].header;
const elementOf = (algorithm: ChecksumAlgorithm, value: string) => {
  const { element } = checksumAlgorithms[algorithm];
  return `<${element}>${value}</${element}>`;
};
const chosen = (algorithm: string, type?: string) => ({
  headers: {
    'x-amz-checksum-algorithm': algorithm,
    ...(type !== undefined && { 'x-amz-checksum-type': type }),
  },
});
const asking = { 'x-amz-checksum-mode': 'ENABLED' };

describe.each(cases)('an upload with %s, %s', (algorithm, type) => {
  const { parts, of, full = '' } = vectors[algorithm];
  const whole = type === 'COMPOSITE' ? `${of}-2` : full;
  const path = `/bucket/${algorithm}-${type}`;
  const name = header(algorithm);

  it('has the checksums that AWS has for the same parts', async () => {
    const upload = await TestUpload.start(server, path, chosen(algorithm, type));
    const sent: SentPart[] = [];
    for (const [index, body] of [first, second].entries()) {
      const value = parts[index] ?? '';
      // The second is sent without, and gets one all the same.
      const answer = await server.ok(upload.partRequest(index + 1, body, index === 0 ? { [name]: value } : {}));
      expect(answer.headers.get(name)).toBe(value);
      sent.push({
        partNumber: index + 1,
        etag: answer.headers.get('etag') ?? '',
        checksum: elementOf(algorithm, value),
      });
    }
    const wrongPart = sent.with(1, { ...sent[1]!, checksum: elementOf(algorithm, parts[0]) });
    await server.refused(upload.completeRequest(wrongPart), {
      code: 'BadDigest',
      message: `The ${algorithm.toLowerCase()} you specified for part 2 did not match what we received.`,
    });
    const wrong = type === 'COMPOSITE' ? `${parts[0]}-2` : parts[0];
    await server.refused(upload.completeRequest(sent, { [name]: wrong }), { code: 'BadDigest' });
    const otherType = type === 'COMPOSITE' ? 'FULL_OBJECT' : 'COMPOSITE';
    await server.refused(upload.completeRequest(sent, { 'x-amz-checksum-type': otherType }), {
      code: 'InvalidRequest',
      message: `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    });
    if (type === 'COMPOSITE') {
      const without = sent.with(0, { partNumber: 1, etag: sent[0]!.etag });
      await server.refused(upload.completeRequest(without), {
        code: 'InvalidRequest',
        message:
          `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include ` +
          'the checksum for each part. It was missing for part 1 in the request.',
      });
      // The number behind the value is that of the parts.
      await server.refused(upload.completeRequest(sent, { [name]: `${of}-3` }), { code: 'BadDigest' });
    }
    const stated = { [name]: whole, 'x-amz-checksum-type': type, 'x-amz-mp-object-size': String(first.length + 10) };
    for (const headers of [stated, stated, {}]) {
      const done = await upload.complete(sent, headers);
      expect(childText(done.xml, 'ETag')).toBe(etag);
      expect(done.text).toContain(`${elementOf(algorithm, whole)}<ChecksumType>${type}</ChecksumType>`);
    }
  });

  it('shows them to readers of the whole and of a part', async () => {
    const shown = (answer: Awaited<ReturnType<TestServer['ok']>>) => [
      answer.headers.get(name),
      answer.headers.get('x-amz-checksum-type'),
    ];
    expect(shown(await server.ok({ method: 'HEAD', target: path, headers: asking }))).toEqual([whole, type]);
    expect(shown(await server.ok({ method: 'HEAD', target: path }))).toEqual([undefined, undefined]);
    const range = { ...asking, Range: 'bytes=0-9' };
    expect(shown(await server.ok({ method: 'HEAD', target: path, headers: range }))).toEqual([undefined, undefined]);
    const part = await server.ok({ target: `${path}?partNumber=2`, headers: asking });
    expect([part.text, part.headers.get(name)]).toEqual([second, parts[1]]);
  });

  it('shows them among the attributes', async () => {
    const headers = { 'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,StorageClass,ObjectSize' };
    const { xml } = await server.ok({ target: `${path}?attributes`, headers });
    expect(childText(xml, 'ETag')).toBe(etag.replaceAll('"', ''));
    expect([childText(xml, 'StorageClass'), childText(xml, 'ObjectSize')]).toEqual(['STANDARD', '5242890']);
    const [checksum] = childrenOf(xml, 'Checksum');
    const { element } = checksumAlgorithms[algorithm];
    // Here the value of the parts is told without their number, as AWS does.
    expect(checksum?.children.map((child) => [child.name, child.text])).toEqual([
      [element, type === 'COMPOSITE' ? of : full],
      ['ChecksumType', type],
    ]);
    const [objectParts] = childrenOf(xml, 'ObjectParts');
    expect(['PartsCount', 'MaxParts', 'IsTruncated'].map((field) => childText(objectParts, field))).toEqual([
      '2',
      '1000',
      'false',
    ]);
    const told = childrenOf(objectParts, 'Part').map((part) =>
      ['PartNumber', 'Size', element].map((field) => childText(part, field)),
    );
    expect(told).toEqual([
      ['1', '5242880', parts[0]],
      ['2', '10', parts[1]],
    ]);
  });

  it('has a checksum of its content once it is copied to an object of one piece', async () => {
    const headers = { 'x-amz-copy-source': path };
    const copied = await server.ok({ method: 'PUT', target: `${path}-copy`, headers });
    const target = `${path}-copy`;
    const read = await server.ok({ method: 'HEAD', target, headers: asking });
    expect(read.headers.get('x-amz-checksum-type')).toBe('FULL_OBJECT');
    expect(childText(copied.xml, checksumAlgorithms[algorithm].element)).toBe(read.headers.get(name));
    if (full !== '') expect(read.headers.get(name)).toBe(full);
    expect(read.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
  });
});

describe('an upload', () => {
  it.each([
    ['CRC64NVME', 'COMPOSITE', /COMPOSITE checksum type cannot be used with the crc64nvme/],
    ['SHA1', 'FULL_OBJECT', /FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm/],
    ['SHA256', 'FULL_OBJECT', /FULL_OBJECT checksum type cannot be used with the sha256/],
    ['MD5', 'COMPOSITE', /Checksum algorithm provided is unsupported/],
    ['CRC32', 'OTHER', /./],
  ] as const)('has no checksum %s of type %s', async (algorithm, type, message) => {
    const request = { method: 'POST', target: '/bucket/a?uploads', ...chosen(algorithm, type) };
    await server.refused(request, { code: 'InvalidRequest', message });
  });

  it('has no type of checksum without an algorithm', async () => {
    const request = { method: 'POST', target: '/bucket/a?uploads', headers: { 'x-amz-checksum-type': 'COMPOSITE' } };
    await server.refused(request, {
      code: 'InvalidRequest',
      message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    });
  });

  it.each([
    ['CRC32', 'COMPOSITE'],
    ['SHA256', 'COMPOSITE'],
    ['CRC64NVME', 'FULL_OBJECT'],
  ])('with %s has the type %s by itself', async (algorithm, type) => {
    const begun = await server.ok({ method: 'POST', target: '/bucket/a?uploads', ...chosen(algorithm) });
    const told = ['algorithm', 'type'].map((name) => begun.headers.get(`x-amz-checksum-${name}`));
    expect(told).toEqual([algorithm, type]);
  });

  it('with one algorithm takes parts with no other', async () => {
    const upload = await TestUpload.start(server, '/bucket/a', chosen('SHA256'));
    await server.refused(upload.partRequest(1, 'hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }), {
      code: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    });
    const trailing = { payload: 'unsigned-trailer', trailer: ['x-amz-checksum-crc32', 'NhCmhg=='] } as const;
    await server.refused({ ...upload.partRequest(1, 'hello'), ...trailing }, { code: 'InvalidRequest' });
  });

  it('without an algorithm takes parts with any, as clients add one unasked', async () => {
    const upload = await TestUpload.start(server, '/bucket/a');
    const answer = await server.ok(upload.partRequest(1, 'hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }));
    expect(answer.headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==');
    const sent = { partNumber: 1, etag: answer.headers.get('etag') ?? '' };
    const checksum = '<ChecksumCRC32>NhCmhg==</ChecksumCRC32>';
    const wrong = { ...sent, checksum: '<ChecksumCRC32>AAAAAA==</ChecksumCRC32>' };
    await server.refused(upload.completeRequest([wrong]), { code: 'BadDigest' });
    await upload.complete([{ ...sent, checksum }]);
  });

  it('copies parts with the checksum that it has', async () => {
    await server.ok({ method: 'PUT', target: '/bucket/source', body: 'hello' });
    const upload = await TestUpload.start(server, '/bucket/a', chosen('CRC32'));
    const copied = await server.ok(upload.copyRequest(1, '/bucket/source'));
    expect(childText(copied.xml, 'ChecksumCRC32')).toBe('NhCmhg==');
    const checksum = '<ChecksumCRC32>NhCmhg==</ChecksumCRC32>';
    await upload.complete([{ partNumber: 1, etag: childText(copied.xml, 'ETag') ?? '', checksum }]);
  });
});

describe('attributes', () => {
  const asked = (names: string, headers: Readonly<Record<string, string>> = {}) => ({
    target: '/bucket/object?attributes',
    headers: { 'x-amz-object-attributes': names, ...headers },
  });

  it('are those that are asked for, of the version that is asked for', async () => {
    const put = await server.ok({ method: 'PUT', target: '/bucket/object', body: 'hello' });
    const versionId = put.headers.get('x-amz-version-id') ?? '';
    const { xml, headers } = await server.ok(asked('ObjectSize'));
    expect(xml?.name).toBe('GetObjectAttributesResponse');
    expect(xml?.children.map(({ name, text }) => [name, text])).toEqual([['ObjectSize', '5']]);
    expect(headers.get('x-amz-version-id')).toBe(versionId);
    expect(headers.get('last-modified')).toBe('Tue, 14 Nov 2023 22:13:20 GMT');
    // There are neither checksums nor parts, so nothing is told of them.
    const none = await server.ok(asked('Checksum, ObjectParts'));
    expect(none.xml?.children).toEqual([]);
    await server.ok({ method: 'PUT', target: '/bucket/object', body: 'newer content' });
    const { target, headers: wanted } = asked('ObjectSize');
    const old = await server.ok({ target: `${target}&versionId=${versionId}`, headers: wanted });
    expect(old.text).toContain('<ObjectSize>5</ObjectSize>');
    await server.refused(asked(''), { code: 'InvalidRequest' });
    await server.refused({ target: '/bucket/object?attributes' }, { code: 'InvalidRequest' });
    await server.refused(asked('ETag,Size'), {
      code: 'InvalidArgument',
      message: 'Invalid attribute name specified.',
    });
    const missing = { ...asked('ETag'), target: '/bucket/none?attributes' };
    await server.refused(missing, { code: 'NoSuchKey' });
  });

  it('of an object with SSE-C are for the holder of its key, and say how it is encrypted', async () => {
    const [key, other] = [customerKey(1), customerKey(2)];
    await server.ok({ method: 'PUT', target: '/bucket/object', body: 'secret', headers: key.headers });
    await server.refused(asked('ETag'), { code: 'InvalidRequest' });
    await server.refused(asked('ETag', other.headers), { code: 'AccessDenied' });
    const { headers } = await server.ok(asked('ETag', key.headers));
    expect(headers.get('x-amz-server-side-encryption-customer-algorithm')).toBe('AES256');
    expect(headers.get('x-amz-server-side-encryption-customer-key-MD5')).toBe(key.md5);
    await server.ok({
      method: 'PUT',
      target: '/bucket/object',
      body: 'secret',
      headers: { 'x-amz-server-side-encryption': 'AES256' },
    });
    const encrypted = await server.ok(asked('ETag'));
    expect(encrypted.headers.get('x-amz-server-side-encryption')).toBe('AES256');
    await server.refused(asked('ETag', key.headers), { code: 'InvalidRequest' });
  });

  it('tell of the parts page by page', async () => {
    const upload = await TestUpload.start(server, '/bucket/object', chosen('CRC32', 'FULL_OBJECT'));
    const sent = [];
    for (const number of [2, 3, 5]) sent.push(await upload.part(number, String(number).repeat(10)));
    await upload.complete(sent);
    const page = async (headers: Readonly<Record<string, string>>) => {
      const { xml } = await server.ok(asked('ObjectParts', headers));
      const [parts] = childrenOf(xml, 'ObjectParts');
      const fields = ['PartsCount', 'PartNumberMarker', 'NextPartNumberMarker', 'MaxParts', 'IsTruncated'];
      const numbers = childrenOf(parts, 'Part').map((part) => childText(part, 'PartNumber'));
      return [...fields.map((field) => childText(parts, field)), numbers];
    };
    expect(await page({ 'x-amz-max-parts': '2' })).toEqual(['3', '0', '3', '2', 'true', ['2', '3']]);
    const rest = { 'x-amz-max-parts': '2', 'x-amz-part-number-marker': '3' };
    expect(await page(rest)).toEqual(['3', '3', '5', '2', 'false', ['5']]);
    expect(await page({ 'x-amz-max-parts': '0' })).toEqual(['3', '0', '0', '0', 'false', []]);
  });
});
