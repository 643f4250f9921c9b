import { describe, expect, it } from 'vitest';
import type { HeaderPair } from './request/header-lines.ts';
import { signRequest } from './sign-request.ts';
import { b2Example } from '../test/aws-example.ts';
import { refusalOf, verifierFor } from '../test/verifying.ts';

const verifier = verifierFor(b2Example);
const host: HeaderPair = ['Host', 's3.us-west-004.backblazeb2.com'];
const request = { method: 'PUT', target: '/bucket/key', headers: [host, ['x-amz-acl', 'private']] as const };
const added = signRequest(request, { ...b2Example, payload: { kind: 'unsigned' } }).headers;
const headers = [...request.headers, ...added];
const good = headers.find(([name]) => name === 'authorization')?.[1] ?? '';

/** The signed request with some of its headers replaced; undefined takes one away. */
function changed(changes: Readonly<Record<string, string | undefined>>) {
  const others = headers.filter(([name]) => !(name.toLowerCase() in changes));
  const given = Object.entries(changes).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...request, headers: [...others, ...given] };
}

const credential = (value: string) => good.replace(/Credential=[^,]*/, `Credential=${value}`);
const malformed = 'The authorization header is malformed; ';

describe('a request signed in its header', () => {
  it('is accepted, with what its signature says', async () => {
    const { secret, ...verified } = { secret: undefined, ...(await verifier.verify({ ...request, headers })) };
    expect(secret).toMatchObject({ version: '1' });
    expect(verified).toEqual({
      kind: 'header',
      accessKeyId: b2Example.accessKeyId,
      region: 'us-west-004',
      headers,
      payload: { kind: 'unsigned' },
    });
  });

  it.each([
    ['components in another order', good.replace(/(Credential=.*?), (SignedHeaders=.*?), (.*)/, '$3,$1,  $2')],
    ['commas without spaces', good.replaceAll(', ', ',')],
  ])('is accepted with %s', async (_, authorization) => {
    expect(authorization).not.toBe(good);
    expect(await verifier.verify(changed({ authorization }))).toMatchObject({ kind: 'header' });
  });

  it.each([
    ['no components', 'AWS4-HMAC-SHA256 a', /requires three components: Credential, SignedHeaders, and Signature\.$/],
    ['four components', `${good}, Signature=a`, /requires three components/],
    ['no Credential', good.replace('Credential=', 'Credentials='), `${malformed}missing Credential.`],
    ['no SignedHeaders', good.replace('SignedHeaders=', 'Headers='), `${malformed}missing SignedHeaders.`],
    ['no Signature', good.replace(/Signature=.*/, 'Signature='), `${malformed}missing Signature.`],
    [
      'a short Credential',
      credential('k/20260102/us-west-004/s3'),
      /the Credential is mal-formed; expecting "<YOUR-AKID>/,
    ],
    ['a long Credential', credential('k/a/20260102/us-west-004/s3/aws4_request'), /the Credential is mal-formed/],
    ['no key id', credential('/20260102/us-west-004/s3/aws4_request'), /the Credential is mal-formed/],
    ['no date', credential('k/2026/us-west-004/s3/aws4_request'), /incorrect date format "2026"\. This date in/],
    ['another day', credential('k/20260103/us-west-004/s3/aws4_request'), /Invalid credential date "20260103"/],
    [
      'another service',
      credential('k/20260102/us-west-004/sqs/aws4_request'),
      /incorrect service "sqs"\. This endpoint/,
    ],
    ['another terminal', credential('k/20260102/us-west-004/s3/aws5_request'), /incorrect terminal "aws5_request"\./],
    ['names in upper case', good.replace('SignedHeaders=host', 'SignedHeaders=Host'), /the SignedHeaders must be/],
    ['names out of order', good.replace('host;x-amz-acl', 'x-amz-acl;host'), /the SignedHeaders must be/],
    ['a name twice', good.replace('host;', 'host;host;'), /the SignedHeaders must be/],
    ['an empty name', good.replace('host;', 'host;;'), /the SignedHeaders must be/],
  ])('is malformed with %s', async (_, authorization, message) => {
    const refusal = await refusalOf(changed({ authorization }), verifier);
    expect(refusal.code).toBe('AuthorizationHeaderMalformed');
    if (typeof message === 'string') expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });

  it('of another region learns the right one', async () => {
    const authorization = credential('k/20260102/us-east-1/s3/aws4_request');
    expect(await refusalOf(changed({ authorization }), verifier)).toMatchObject({
      code: 'AuthorizationHeaderMalformed',
      message: `${malformed}the region 'us-east-1' is wrong; expecting 'us-west-004'`,
      details: { Region: 'us-west-004' },
    });
  });

  it.each([
    ['none', { 'x-amz-date': undefined }],
    ['one that is malformed', { 'x-amz-date': '2026-01-02T03:04:05Z' }],
    ['one that does not exist', { 'x-amz-date': '20260230T030405Z' }],
    ['two', { 'x-amz-date': '20260102T030405Z', 'X-Amz-Date': '20260102T030405Z' }],
    ['a Date that is none', { 'x-amz-date': undefined, date: 'Fri, 32 Jan 2026 03:04:05 GMT' }],
  ])('needs a date, but has %s', async (_, changes) => {
    expect(await refusalOf(changed(changes), verifier)).toMatchObject({
      code: 'AccessDenied',
      message: 'AWS authentication requires a valid Date or x-amz-date header',
    });
  });

  const minutes = 60_000;
  it.each([-15 * minutes, 15 * minutes])('is accepted %d ms off', async (offset) => {
    const then = verifierFor(b2Example, (b2Example.now ?? 0) + offset);
    expect(await then.verify({ ...request, headers })).toMatchObject({ kind: 'header' });
  });

  it.each([-15 * minutes - 1000, 15 * minutes + 1])('is refused %d ms off', async (offset) => {
    const then = verifierFor(b2Example, (b2Example.now ?? 0) + offset);
    expect(await refusalOf({ ...request, headers }, then)).toMatchObject({
      code: 'RequestTimeTooSkewed',
      details: { RequestTime: '20260102T030405Z', MaxAllowedSkewMilliseconds: '900000' },
    });
  });

  it('needs x-amz-content-sha256, which has one of its values', async () => {
    const header = 'x-amz-content-sha256';
    expect(await refusalOf(changed({ [header]: undefined }), verifier)).toMatchObject({
      code: 'InvalidRequest',
      message: 'Missing required header for this request: x-amz-content-sha256',
    });
    for (const value of ['abc', 'unsigned-payload', 'g'.repeat(64), '', 'constructor'])
      expect(await refusalOf(changed({ [header]: value }), verifier)).toMatchObject({
        code: 'InvalidArgument',
        message: 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.',
      });
    const asymmetric = 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER';
    expect(await refusalOf(changed({ [header]: asymmetric }), verifier)).toMatchObject({ code: 'NotImplemented' });
  });

  it.each([
    ['x-amz-acl', 'host;x-amz-content-sha256;x-amz-date'],
    ['host', 'x-amz-acl;x-amz-content-sha256;x-amz-date'],
    ['host, x-amz-acl, x-amz-date', 'x-amz-content-sha256'],
  ])('is refused if it does not sign %s', async (names, signed) => {
    const authorization = good.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${signed}`);
    expect(await refusalOf(changed({ authorization }), verifier)).toMatchObject({
      code: 'AccessDenied',
      message: 'There were headers present in the request which were not signed',
      details: { HeadersNotSigned: names },
    });
  });

  it('may get other headers from proxies', async () => {
    const more = changed({ via: '1.1 proxy', 'x-forwarded-for': '::1' });
    expect(await verifier.verify(more)).toMatchObject({ kind: 'header' });
  });

  it('of a key that is not there is refused by its id', async () => {
    const authorization = credential('somebody/20260102/us-west-004/s3/aws4_request');
    expect(await refusalOf(changed({ authorization }), verifier)).toMatchObject({
      code: 'InvalidAccessKeyId',
      details: { AWSAccessKeyId: 'somebody' },
    });
  });

  it('with another signature learns the string to sign, and nothing of its headers', async () => {
    const secretHeader = changed({ 'x-amz-acl': 'very-private' });
    const refusal = await refusalOf(secretHeader, verifier);
    const { StringToSign = '', StringToSignBytes = '' } = refusal.details;
    expect(refusal.details).toEqual({
      AWSAccessKeyId: b2Example.accessKeyId,
      SignatureProvided: good.slice(-64),
      StringToSign,
      StringToSignBytes,
    });
    expect(StringToSign).toMatch(
      /^AWS4-HMAC-SHA256\n20260102T030405Z\n20260102\/us-west-004\/s3\/aws4_request\n[0-9a-f]{64}$/,
    );
    expect(Buffer.from(StringToSignBytes.replaceAll(' ', ''), 'hex').toString()).toBe(StringToSign);
  });

  it.each(['short', 'A'.repeat(64), 'é'.repeat(64)])('with a signature that is none is refused: %s', async (one) => {
    const authorization = good.replace(/Signature=.*/, `Signature=${one}`);
    expect(await refusalOf(changed({ authorization }), verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('is refused if its target, method or a signed header is none of HTTP', async () => {
    expect(await refusalOf({ ...request, headers, target: '/a%' }, verifier)).toMatchObject({ code: 'InvalidURI' });
    expect(await refusalOf({ ...request, headers, target: '/Ā' }, verifier)).toMatchObject({ code: 'InvalidURI' });
    expect(await refusalOf({ ...request, headers, method: 'PUT\n' }, verifier)).toMatchObject({
      code: 'InvalidArgument',
    });
    expect(await refusalOf(changed({ 'x-amz-acl': 'a\nb' }), verifier)).toMatchObject({ code: 'InvalidArgument' });
  });
});
