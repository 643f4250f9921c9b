import { SecretString } from '@coffer/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presignRequest } from './presign-request.ts';
import type { HeaderPair } from './request/header-lines.ts';
import { headOf, type RawRequest } from './request/raw-request.ts';
import { SigV4Error } from './request/sigv4-error.ts';
import { signRequest } from './sign-request.ts';
import { canonicalRequest, stringToSign } from './signature/canonical-request.ts';
import { deriveSigningKey, signatureWith } from './signature/signing-key.ts';
import { anyRequest } from '../test/any-request.ts';
import { b2Example } from '../test/aws-example.ts';
import { refusalOf, verifierFor } from '../test/verifying.ts';

const verifier = verifierFor(b2Example);
const payload = { kind: 'unsigned' } as const;

function signed(request: RawRequest): RawRequest {
  return { ...request, headers: [...request.headers, ...signRequest(request, { ...b2Example, payload }).headers] };
}

function presigned(request: RawRequest): RawRequest {
  return { ...request, target: presignRequest(request, { ...b2Example, expiresIn: 60 }) };
}

const schemes = [
  ['in its header', signed],
  ['in its query', presigned],
] as const;

describe.each(schemes)('any request signed %s', (_, sign) => {
  it('is accepted', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        expect(await verifier.verify(sign(request))).toMatchObject({ accessKeyId: b2Example.accessKeyId });
      }),
    );
  });

  it('is refused with another method', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const other = { ...sign(request), method: request.method === 'GET' ? 'PUT' : 'GET' };
        expect((await refusalOf(other, verifier)).code).toBe('SignatureDoesNotMatch');
      }),
    );
  });

  it('is refused with another path or query', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.nat(), fc.constantFrom('z', '%00', '/'), async (request, place, inserted) => {
        const right = sign(request);
        const end = request.target.length;
        const at = 1 + (place % end);
        const target = right.target.slice(0, at) + inserted + right.target.slice(at);
        const outcome = await verifier.verify({ ...right, target }).catch((error: unknown) => error);
        expect(outcome).toBeInstanceOf(SigV4Error);
        expect(['SignatureDoesNotMatch', 'InvalidURI']).toContain((outcome as SigV4Error).code);
      }),
    );
  });

  it('is refused with another value of a signed header', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.nat(), async (request, which) => {
        const right = sign(request);
        const headers = [...right.headers];
        const index = which % [...request.headers].length;
        const [name = '', value = ''] = headers[index] ?? [];
        headers[index] = [name, `${value}z`];
        expect((await refusalOf({ ...right, headers }, verifier)).code).toBe('SignatureDoesNotMatch');
      }),
    );
  });

  it('is refused without a signed header, and with one more line of it', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.nat(), async (request, which) => {
        const right = sign(request);
        const headers = [...right.headers];
        const line = headers[which % [...request.headers].length] ?? ['', ''];
        const without = headers.filter((other) => other !== line);
        const doubled = [...headers, line];
        for (const changed of [without, doubled]) {
          // A missing header and an empty one are signed alike.
          if (canonicalOf({ ...right, headers: changed }) === canonicalOf(right)) continue;
          expect((await refusalOf({ ...right, headers: changed }, verifier)).code).toBe('SignatureDoesNotMatch');
        }
      }),
    );
  });

  it('is refused with another time, another secret, or another signature', async () => {
    const request = sign({ method: 'GET', target: '/b/k', headers: [['host', 'localhost']] });
    const edit = (pattern: RegExp, replacement: string): RawRequest => ({
      ...request,
      target: request.target.replace(pattern, replacement),
      headers: [...request.headers].map(([name, value]): HeaderPair => [name, value.replace(pattern, replacement)]),
    });
    expect(await verifier.verify(edit(/nothing/, ''))).toMatchObject({ accessKeyId: b2Example.accessKeyId });
    expect(await refusalOf(edit(/T030405Z/, 'T030406Z'), verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    const otherSecret = { ...b2Example, secret: SecretString.of('another') };
    expect(await refusalOf(request, verifierFor(otherSecret))).toMatchObject({ code: 'SignatureDoesNotMatch' });
    for (let digit = 0; digit < 64; digit++) {
      const pattern = new RegExp(`(Signature=[0-9a-f]{${digit}})([0-9a-f])`);
      const other = edit(pattern, '$1x');
      expect(await refusalOf(other, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    }
  });

  it('is accepted whatever the case of escapes, and with unreserved characters escaped or not', async () => {
    const request = sign({ method: 'GET', target: '/b/a%7eb%c3%bc!?q=%7e%c3', headers: [['host', 'localhost']] });
    const target = request.target.replace('/b/a%7eb%c3%bc!', '/b/%61~b%C3%BC%21').replace('q=%7e%c3', 'q=~%C3');
    expect(target).not.toBe(request.target);
    expect(await verifier.verify({ ...request, target })).toMatchObject({ accessKeyId: b2Example.accessKeyId });
    const absolute = `https://localhost${request.target}`;
    expect(await verifier.verify({ ...request, target: absolute })).toMatchObject({
      accessKeyId: b2Example.accessKeyId,
    });
  });

  it('of garbage is refused, with no other error', async () => {
    const junk = fc.string({ unit: 'binary', maxLength: 30 });
    const fragments = fc.constantFrom(
      'X-Amz-Signature=',
      'X-Amz-Date=20260102T030405Z',
      '&',
      '=',
      '%',
      '?',
      '/',
      ',',
      ';',
    );
    const target = fc.array(fc.oneof(junk, fragments)).map((parts) => `/${parts.join('')}`);
    const names = fc.constantFrom('authorization', 'x-amz-date', 'date', 'x-amz-content-sha256', 'host');
    const values = fc.oneof(
      junk,
      fc.constantFrom('AWS4-HMAC-SHA256 Credential=a/20260102/us-west-004/s3/aws4_request,'),
    );
    const headers = fc.array(fc.tuple(fc.oneof(names, junk), values));
    await fc.assert(
      fc.asyncProperty(junk, target, headers, async (method, garbage, pairs) => {
        const request = { method, target: garbage, headers: pairs };
        const outcome = await verifier.verify(request).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(SigV4Error);
        else expect(outcome).toMatchObject({ kind: 'anonymous' });
      }),
      { numRuns: 150 },
    );
  });
});

function canonicalOf(request: RawRequest): string {
  const signedHeaders = ['content-type', 'x-amz-meta-a', 'x-amz-meta-b', 'range', 'accept-encoding', 'x-a', 'host'];
  return canonicalRequest(request, { signedHeaders, payloadHash: '' });
}

describe('a path', () => {
  /** As some old clients sign: the path as it is sent. */
  function signedAsSent(target: string): RawRequest {
    const timestamp = '20260102T030405Z';
    const headers: HeaderPair[] = [
      ['host', 'localhost'],
      ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
      ['x-amz-date', timestamp],
    ];
    const scope = { date: '20260102', region: 'us-west-004' };
    const names = headers.map(([name]) => name);
    const marked = canonicalRequest(
      { method: 'GET', target: '/MARK', headers },
      { signedHeaders: names, payloadHash: 'UNSIGNED-PAYLOAD' },
    );
    const text = stringToSign(
      marked.replace('/MARK', () => target),
      timestamp,
      scope,
    );
    const key = deriveSigningKey(b2Example.secret, scope);
    const signature = signatureWith(key, text);
    const credential = `${b2Example.accessKeyId}/20260102/us-west-004/s3/aws4_request`;
    const value = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return { method: 'GET', target, headers: [...headers, ['authorization', value]] };
  }

  it.each(['/b/a%2Fb', '/b/a%2fb', '/b/a+b', "/b/it's", '/b/a%7e'])(
    'may be signed as it is sent: %s',
    async (target) => {
      const request = signedAsSent(target);
      expect(await verifier.verify(request)).toMatchObject({ kind: 'header' });
      expect(await refusalOf({ ...request, target: `${target}c` }, verifier)).toMatchObject({
        code: 'SignatureDoesNotMatch',
      });
    },
  );

  it('cannot take in what follows it by a line feed', async () => {
    const request = signedAsSent('/b/a\nb=');
    expect(await refusalOf(request, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('has no second form that is not the same bytes', async () => {
    const request = signedAsSent('/b/a%252Fb');
    expect(await verifier.verify(request)).toMatchObject({ kind: 'header' });
    for (const target of ['/b/a%2Fb', '/b/a/b', '/b/./a%252Fb'])
      expect(await refusalOf({ ...request, target }, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

describe('signing', () => {
  const host: HeaderPair = ['host', 'localhost'];
  it.each([
    ['without a host', { method: 'GET', target: '/', headers: [] }, 'InvalidArgument'],
    [
      'with a header that it adds',
      { method: 'GET', target: '/', headers: [host, ['X-Amz-Date', 'a']] },
      'InvalidArgument',
    ],
    [
      'with an authorization',
      { method: 'GET', target: '/', headers: [host, ['Authorization', 'a']] },
      'InvalidArgument',
    ],
    ['with a name that is none', { method: 'GET', target: '/', headers: [host, ['a b', 'c']] }, 'InvalidArgument'],
    ['with a value that is none', { method: 'GET', target: '/', headers: [host, ['a', 'b\r\nc']] }, 'InvalidArgument'],
    ['with text above a byte', { method: 'GET', target: '/', headers: [host, ['a', '\u0141']] }, 'InvalidArgument'],
    ['with a method that is none', { method: 'G T', target: '/', headers: [host] }, 'InvalidArgument'],
    ['with a bad escape', { method: 'GET', target: '/%zz', headers: [host] }, 'InvalidURI'],
  ] as const)('is refused %s', (_, request, code) => {
    for (const sign of [signed, presigned]) expect(() => sign(request)).toThrow(expect.objectContaining({ code }));
  });

  it('takes headers that can be read once only', async () => {
    const pairs: HeaderPair[] = [host, ['range', 'bytes=0-1']];
    const request = { method: 'GET', target: '/b/k', headers: pairs.values() };
    const { headers } = signRequest(request, { ...b2Example, payload });
    const iterator = [...pairs, ...headers].values();
    expect(await verifier.verify({ ...request, headers: iterator })).toMatchObject({ kind: 'header' });
  });

  it('signs the root where there is no path', () => {
    expect(headOf({ method: 'GET', target: 'http://localhost?a', headers: [] })).toMatchObject({ path: '' });
    const text = canonicalRequest({ method: 'GET', target: '', headers: [] }, { signedHeaders: [], payloadHash: 'a' });
    expect(text).toBe('GET\n/\n\n\n\na');
  });
});
