import { describe, expect, it } from 'vitest';
import { presignRequest, type PresignOptions } from './presign-request.ts';
import type { HeaderPair } from './request/header-lines.ts';
import { b2Example } from '../test/aws-example.ts';
import { refusalOf, verifierFor } from '../test/verifying.ts';

const verifier = verifierFor(b2Example);
const now = b2Example.now ?? 0;
const host: HeaderPair = ['Host', 's3.us-west-004.backblazeb2.com'];
const customer = 'x-amz-server-side-encryption-customer-';

function presigned(target = '/bucket/key', headers: readonly HeaderPair[] = [], options: Partial<PresignOptions> = {}) {
  const request = { method: 'PUT', target, headers: [host, ...headers] };
  return { ...request, target: presignRequest(request, { ...b2Example, expiresIn: 3600, ...options }) };
}

const good = presigned();
const changed = (pattern: RegExp, replacement: string) => ({
  ...good,
  target: good.target.replace(pattern, replacement),
});
const expiring = (value: string) => changed(/Expires=3600/, `Expires=${value}`);
const credential = (value: string) => changed(/Credential=[^&]*/, `Credential=${encodeURIComponent(value)}`);

describe('a presigned request', () => {
  it('is accepted', async () => {
    expect(await verifier.verify(good)).toMatchObject({
      ...{ kind: 'presigned', accessKeyId: b2Example.accessKeyId, region: 'us-west-004', headers: [host] },
      payload: { kind: 'unsigned' },
    });
  });

  it('is accepted with its parameters in another order', async () => {
    const [path = '', query = ''] = good.target.split('?');
    const target = `${path}?${query.split('&').reverse().join('&')}`;
    expect(await verifier.verify({ ...good, target })).toMatchObject({ kind: 'presigned' });
  });

  it('may sign the hash of its body, or say that its chunks are not signed', async () => {
    const sha256 = 'ab'.repeat(32);
    for (const payload of [
      { kind: 'sha256', sha256 },
      { kind: 'aws-chunked', signed: false, trailer: true },
    ] as const) {
      const { signed, ...expected } = { signed: undefined, ...payload };
      expect(signed).not.toBe(true);
      expect(await verifier.verify(presigned('/b/k', [], { payload }))).toMatchObject({ payload: expected });
    }
    const header: HeaderPair = ['x-amz-content-sha256', sha256];
    const both = presigned('/b/k', [], { payload: { kind: 'sha256', sha256 } });
    expect(await verifier.verify({ ...both, headers: [host, header] })).toMatchObject({ payload: { sha256 } });
    expect(
      await refusalOf({ ...both, headers: [host, ['x-amz-content-sha256', 'cd'.repeat(32)]] }, verifier),
    ).toMatchObject({ code: 'InvalidArgument' });
  });

  it('with signed chunks is not implemented', async () => {
    const target = `${good.target}&X-Amz-Content-Sha256=STREAMING-AWS4-HMAC-SHA256-PAYLOAD`;
    expect(await refusalOf({ ...good, target }, verifier)).toMatchObject({ code: 'NotImplemented' });
    const payload = { kind: 'aws-chunked', signed: true, trailer: false } as const;
    expect(() => presigned('/b/k', [], { payload })).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  const required = /^Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, /;
  it.each([
    ['no algorithm', changed(/X-Amz-Algorithm=[^&]*&/, ''), required],
    ['no credential', changed(/X-Amz-Credential=[^&]*&/, ''), required],
    ['no date', changed(/X-Amz-Date=[^&]*&/, ''), required],
    ['no expiry', changed(/X-Amz-Expires=[^&]*&/, ''), required],
    ['no signed headers', changed(/X-Amz-SignedHeaders=[^&]*&/, ''), required],
    ['no signature', changed(/&X-Amz-Signature=.*/, ''), required],
    ['a name in lower case', changed(/X-Amz-Date/, 'x-amz-date'), required],
    ['a parameter twice', changed(/$/, '&X-Amz-Date=20260102T030405Z'), 'X-Amz-Date was given more than once'],
    ['another algorithm', changed(/AWS4-HMAC-SHA256/, 'AWS4-HMAC-SHA1'), /^X-Amz-Algorithm only supports "AWS4-HMAC/],
    ['a date of another form', changed(/Date=[^&]*/, 'Date=2026-01-02'), /^X-Amz-Date must be in the ISO8601 Long/],
    ['an expiry that is no number', expiring('1h'), 'X-Amz-Expires should be a number'],
    ['a negative expiry', expiring('-1'), 'X-Amz-Expires must be non-negative'],
    ['an expiry of more than a week', expiring('604801'), /^X-Amz-Expires must be less than a week \(in seconds\)/],
    [
      'a short credential',
      credential('k/20260102/us-west-004'),
      /^Error parsing the X-Amz-Credential parameter; the Cred/,
    ],
    ['another day', credential('k/20260101/us-west-004/s3/aws4_request'), /Invalid credential date "20260101"/],
    ['another service', credential('k/20260102/us-west-004/iam/aws4_request'), /incorrect service "iam"/],
    ['unsorted headers', changed(/SignedHeaders=host/, 'SignedHeaders=x-a%3Bhost'), /X-Amz-SignedHeaders parameter;/],
    ['a header with a line feed', changed(/SignedHeaders=host/, 'SignedHeaders=host%0A'), /X-Amz-SignedHeaders/],
  ])('is refused with %s', async (_, request, message) => {
    const refusal = await refusalOf(request, verifier);
    expect(refusal.code).toBe('AuthorizationQueryParametersError');
    if (typeof message === 'string') expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });

  it('of another region learns the right one', async () => {
    expect(await refusalOf(credential('k/20260102/auto/s3/aws4_request'), verifier)).toMatchObject({
      code: 'AuthorizationQueryParametersError',
      message: "Error parsing the X-Amz-Credential parameter; the region 'auto' is wrong; expecting 'us-west-004'",
      details: { Region: 'us-west-004' },
    });
  });

  it('of the asymmetric algorithm is not implemented', async () => {
    const request = changed(/AWS4-HMAC-SHA256/, 'AWS4-ECDSA-P256-SHA256');
    expect(await refusalOf(request, verifier)).toMatchObject({ code: 'NotImplemented' });
  });

  it.each([now - 15 * 60_000, now + 3600_000])('is valid at %d', async (then) => {
    expect(await verifierFor(b2Example, then).verify(good)).toMatchObject({ kind: 'presigned' });
  });

  it('is not valid before its time', async () => {
    expect(await refusalOf(good, verifierFor(b2Example, now - 15 * 60_000 - 1))).toMatchObject({
      code: 'AccessDenied',
      message: 'Request is not valid yet',
    });
  });

  it('is not valid after its time', async () => {
    expect(await refusalOf(good, verifierFor(b2Example, now + 3_600_001))).toMatchObject({
      code: 'AccessDenied',
      message: 'Request has expired',
      details: {
        'X-Amz-Expires': '3600',
        Expires: '2026-01-02T04:04:05Z',
        ServerTime: '2026-01-02T04:04:05Z',
      },
    });
    expect(await refusalOf(expiring('0'), verifier)).toMatchObject({ message: 'Request has expired' });
  });

  describe('with x-amz-* parameters', () => {
    it('has them as headers, decoded, in lower case, behind its own', async () => {
      const request = presigned('/b/k?X-Amz-Acl=private&x-amz-meta-a=b%20c+d%C3%BC&x-id=PutObject');
      expect(await verifier.verify(request)).toMatchObject({
        headers: [host, ['x-amz-acl', 'private'], ['x-amz-meta-a', 'b c dÃ¼']],
      });
    });

    it('ignores checksums, which are those of an empty body', async () => {
      const query = 'x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32';
      const request = presigned(`/b/k?${query}`);
      expect(await verifier.verify(request)).toMatchObject({ headers: [host] });
    });

    it('is refused if one is a header too', async () => {
      const request = presigned('/b/k?x-amz-acl=private', [['X-Amz-Acl', 'private']]);
      expect(await refusalOf(request, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    });

    it.each(['x-amz-meta-a=b%0D%0Aset-cookie:c', 'x-amz-meta-a=%00', 'x-amz-meta-%0A=b'])(
      'is refused if no header can be so: %s',
      async (query) => {
        expect(await refusalOf(presigned(`/b/k?${query}`), verifier)).toMatchObject({ code: 'InvalidArgument' });
      },
    );

    it('is refused with a customer key', async () => {
      const target = `${good.target}&${customer}key=c2VjcmV0`;
      expect(await refusalOf({ ...good, target }, verifier)).toMatchObject({ code: 'InvalidArgument' });
      expect(() => presigned(`/b/k?${customer}key=c2VjcmV0`)).toThrow(
        expect.objectContaining({ code: 'InvalidArgument' }),
      );
    });
  });

  describe('and headers that are not signed', () => {
    it.each([
      ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
      ['x-amz-user-agent', 'aws-sdk-js'],
      ['x-amz-date', '20260102T030405Z'],
      ['range', 'bytes=0-1'],
    ])('may have %s', async (name, value) => {
      expect(await verifier.verify({ ...good, headers: [host, [name, value]] })).toMatchObject({ kind: 'presigned' });
    });

    it.each([
      ['x-amz-acl', 'private'],
      ['x-amz-date', '20260102T030406Z'],
      [`${customer}algorithm`, 'AES256'],
      [`${customer}key`, 'c2VjcmV0'],
    ])('may not have %s', async (name, value) => {
      expect(await refusalOf({ ...good, headers: [host, [name, value]] }, verifier)).toMatchObject({
        code: 'AccessDenied',
        details: { HeadersNotSigned: name },
      });
    });

    it.each(['', 'copy-source-'])('may have a customer key if its algorithm is signed: x-amz-%s…', async (copy) => {
      const name = (what: string) => customer.replace('x-amz-', `x-amz-${copy}`) + what;
      const request = presigned('/b/k', [[name('algorithm'), 'AES256']]);
      const key: HeaderPair[] = [
        [name('key'), 'c2VjcmV0'],
        [name('key-MD5'), 'bWQ1'],
      ];
      expect(await verifier.verify({ ...request, headers: [...request.headers, ...key] })).toMatchObject({
        kind: 'presigned',
      });
    });
  });

  it('is refused without a header that is signed', async () => {
    const request = presigned('/b/k', [['x-amz-server-side-encryption', 'AES256']]);
    expect(await verifier.verify(request)).toMatchObject({ kind: 'presigned' });
    expect(await refusalOf({ ...request, headers: [host] }, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

describe('presigning', () => {
  it.each([0, 604_801, 1.5, Number.NaN])('refuses %d seconds', (expiresIn) => {
    expect(() => presigned('/b/k', [], { expiresIn })).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  it.each(['/b/k?X-Amz-Signature=a', '/b/k?X-Amz-Date=a'])('refuses what is signed already: %s', (target) => {
    expect(() => presigned(target)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  it('keeps parameters for the answer', () => {
    expect(presigned('/b/k?response-content-type=text%2Fplain').target).toMatch(/^\/b\/k\?response-content-type=/);
  });
});
