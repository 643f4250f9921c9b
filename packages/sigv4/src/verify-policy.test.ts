import fc from 'fast-check';
import { encodeBase64 } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { createVerifier } from './create-verifier.ts';
import { formatAmzDate } from './request/amz-date.ts';
import type { FormField } from './schemes/policy-fields.ts';
import { deriveSigningKey, signatureWith } from './signature/signing-key.ts';
import type { Signer } from './signer.ts';
import { awsExample, b2Example } from '../test/aws-example.ts';
import { copyOf, refusalIn, verifierFor } from '../test/verifying.ts';

const day = 86_400_000;
const encoder = new TextEncoder();

/** What a signer puts into a form beside the policy, which is base64 already. */
function signedFields(signer: Signer, policy: string): FormField[] {
  const date = formatAmzDate(signer.now ?? 0);
  const scope = { date: date.slice(0, 8), region: signer.region };
  const key = deriveSigningKey(copyOf(signer), scope);
  const signature = signatureWith(key, policy);
  key.wipe();
  return [
    ['policy', policy],
    ['x-amz-algorithm', 'AWS4-HMAC-SHA256'],
    ['x-amz-credential', `${signer.accessKeyId}/${scope.date}/${signer.region}/s3/aws4_request`],
    ['x-amz-date', date],
    ['x-amz-signature', signature],
  ];
}

const changed = (fields: readonly FormField[], name: string, value: string | undefined): FormField[] =>
  fields.flatMap((field): FormField[] => {
    if (field[0] !== name) return [field];
    return value === undefined ? [] : [[name, value]];
  });

const policy = encodeBase64(encoder.encode('{"expiration":"2026-01-03T00:00:00Z","conditions":[]}'));

// "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)", Amazon S3 API Reference. The lines
// of the published policy end with CR LF.
const published = [
  '{ "expiration": "2015-12-30T12:00:00.000Z",',
  '  "conditions": [',
  '    {"bucket": "sigv4examplebucket"},',
  '    ["starts-with", "$key", "user/user1/"],',
  '    {"acl": "public-read"},',
  '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
  '    ["starts-with", "$Content-Type", "image/"],',
  '    {"x-amz-meta-uuid": "14365123651274"},',
  '    {"x-amz-server-side-encryption": "AES256"},',
  '    ["starts-with", "$x-amz-meta-tag", ""],',
  '',
  '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
  '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
  '    {"x-amz-date": "20151229T000000Z" }',
  '  ]',
  '}',
].join('\r\n');

describe('the policy of a form', () => {
  it('is verified with the signature that AWS publishes for its example', async () => {
    const fields: FormField[] = [
      ['key', 'user/user1/${filename}'],
      ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request'],
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Date', '20151229T000000Z'],
      ['Policy', encodeBase64(encoder.encode(published))],
      ['X-Amz-Signature', '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e'],
    ];
    const verifier = verifierFor({ ...awsExample, now: Date.UTC(2015, 11, 29, 12) });
    const { accessKeyId } = awsExample;
    expect(await verifier.verifyPolicy({ fields })).toMatchObject({ kind: 'form', accessKeyId, region: 'us-east-1' });
  });

  it('is refused if anything of policy, signature or scope is another', async () => {
    const fields = signedFields(b2Example, policy);
    const verifier = verifierFor(b2Example);
    await verifier.verifyPolicy({ fields });
    const other = encodeBase64(encoder.encode('{}'));
    const refusal = await refusalIn(verifier.verifyPolicy({ fields: changed(fields, 'policy', other) }));
    const bytes = Array.from(other, (character) => character.charCodeAt(0).toString(16)).join(' ');
    const { accessKeyId: AWSAccessKeyId } = b2Example;
    const details = { AWSAccessKeyId, StringToSign: other, StringToSignBytes: bytes };
    expect(refusal).toMatchObject({ code: 'SignatureDoesNotMatch', details });
    await fc.assert(
      fc.asyncProperty(fc.nat(63), fc.nat(14), async (at, step) => {
        const signature = fields[4]![1];
        const digit = ((Number.parseInt(signature[at]!, 16) + step + 1) % 16).toString(16);
        const forged = changed(fields, 'x-amz-signature', signature.slice(0, at) + digit + signature.slice(at + 1));
        expect(await refusalIn(verifier.verifyPolicy({ fields: forged }))).toMatchObject({
          code: 'SignatureDoesNotMatch',
        });
      }),
    );
    const yesterday = { ...b2Example, now: (b2Example.now ?? 0) - day };
    const date = formatAmzDate(yesterday.now);
    const redated = changed(
      changed(fields, 'x-amz-date', date),
      'x-amz-credential',
      signedFields(yesterday, '')[2]![1],
    );
    expect(await refusalIn(verifier.verifyPolicy({ fields: redated }))).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });

  it('is what any text in UTF-8 signs', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(texts, texts, async (text, other) => {
        const wire = Buffer.from(text).toString('latin1');
        const fields = changed(signedFields(b2Example, wire), 'policy', text);
        const verifier = verifierFor(b2Example);
        expect(await verifier.verifyPolicy({ fields })).toMatchObject({ kind: 'form' });
        if (text === other) return;
        const forged = changed(fields, 'policy', other);
        expect(await refusalIn(verifier.verifyPolicy({ fields: forged }))).toMatchObject({
          code: 'SignatureDoesNotMatch',
        });
      }),
    );
  });

  it('shares the signing keys of requests, also with what makes them unknown', async () => {
    let opened = 0;
    let version = '1';
    const lookup = async (accessKeyId: string) => {
      const openSecret = () => {
        opened++;
        return copyOf(b2Example);
      };
      return accessKeyId === b2Example.accessKeyId ? { version, openSecret } : undefined;
    };
    const now = () => b2Example.now ?? 0;
    const verifier = createVerifier({ regions: ['us-west-004'], now, lookup });
    const fields = signedFields(b2Example, policy);
    for (let count = 0; count < 3; count++) await verifier.verifyPolicy({ fields });
    expect(opened).toBe(1);
    version = '2';
    await verifier.verifyPolicy({ fields });
    expect(opened).toBe(2);
    verifier.invalidate(b2Example.accessKeyId);
    await verifier.verifyPolicy({ fields });
    expect(opened).toBe(3);
    const stranger = signedFields({ ...b2Example, accessKeyId: 'stranger' }, policy);
    expect(await refusalIn(verifier.verifyPolicy({ fields: stranger }))).toMatchObject({
      code: 'InvalidAccessKeyId',
      details: { AWSAccessKeyId: 'stranger' },
    });
  });
});

describe('a form', () => {
  const fields = signedFields(b2Example, policy);
  const at = (now: number) => verifierFor({ ...b2Example, now });
  const signedAt = b2Example.now ?? 0;
  const week = 7 * day;

  it('that nobody signed is anonymous, with a policy and without', async () => {
    const verifier = verifierFor(b2Example);
    expect(await verifier.verifyPolicy({ fields: [['key', 'a']] })).toEqual({ kind: 'anonymous' });
    expect(await verifier.verifyPolicy({ fields: [['policy', policy]] })).toEqual({ kind: 'anonymous' });
  });

  it.each([
    ['x-amz-algorithm', 'X-Amz-Algorithm'],
    ['x-amz-credential', 'X-Amz-Credential'],
    ['x-amz-date', 'X-Amz-Date'],
    ['x-amz-signature', 'X-Amz-Signature'],
    ['policy', 'Policy'],
  ])('has to have %s, once', async (name, shown) => {
    const missing = await refusalIn(verifierFor(b2Example).verifyPolicy({ fields: changed(fields, name, undefined) }));
    const message = `Bucket POST must contain a field named '${shown}'.  If it is specified, please check the order of the fields.`;
    const details = { ArgumentName: shown, ArgumentValue: '' };
    expect(missing).toMatchObject({ code: 'InvalidArgument', message, details });
    const twice: FormField[] = [...fields, [shown, 'x']];
    expect(await refusalIn(verifierFor(b2Example).verifyPolicy({ fields: twice }))).toMatchObject({
      code: 'InvalidArgument',
      details: { ArgumentName: shown },
    });
  });

  it.each([
    ['x-amz-algorithm', 'AWS4-HMAC-SHA512', 'InvalidArgument'],
    ['x-amz-algorithm', 'AWS4-ECDSA-P256-SHA256', 'NotImplemented'],
    ['x-amz-credential', 'a-key', 'InvalidArgument'],
    ['x-amz-credential', `${b2Example.accessKeyId}/20260102/eu-central-003/s3/aws4_request`, 'InvalidArgument'],
    ['x-amz-credential', `${b2Example.accessKeyId}/20260101/us-west-004/s3/aws4_request`, 'InvalidArgument'],
    ['x-amz-date', '2026-01-02T03:04:05Z', 'InvalidArgument'],
    ['x-amz-signature', 'zz', 'SignatureDoesNotMatch'],
  ])('with %s %s is refused', async (name, value, code) => {
    const refusal = await refusalIn(verifierFor(b2Example).verifyPolicy({ fields: changed(fields, name, value) }));
    expect(refusal.code).toBe(code);
  });

  it('is told the region that it should have asked for', async () => {
    const credential = `${b2Example.accessKeyId}/20260102/eu-central-003/s3/aws4_request`;
    const wrong = changed(fields, 'x-amz-credential', credential);
    expect(await refusalIn(verifierFor(b2Example).verifyPolicy({ fields: wrong }))).toMatchObject({
      message: "the region 'eu-central-003' is wrong; expecting 'us-west-004'",
      details: { ArgumentName: 'X-Amz-Credential', ArgumentValue: credential, Region: 'us-west-004' },
    });
  });

  it('with an older signature, or with credentials of a session, is refused', async () => {
    const verifier = verifierFor(b2Example);
    const old: FormField[] = [
      ['AWSAccessKeyId', 'a'],
      ['policy', policy],
      ['signature', 'b'],
    ];
    expect(await refusalIn(verifier.verifyPolicy({ fields: old }))).toMatchObject({ code: 'InvalidRequest' });
    const session: FormField[] = [...fields, ['x-amz-security-token', 'a']];
    expect(await refusalIn(verifier.verifyPolicy({ fields: session }))).toMatchObject({ code: 'InvalidToken' });
  });

  it('is valid from a quarter of an hour before its date for a week after it', async () => {
    const quarter = 15 * 60_000;
    for (const now of [signedAt - quarter, signedAt, signedAt + week])
      expect(await at(now).verifyPolicy({ fields })).toMatchObject({ kind: 'form' });
    for (const now of [signedAt - quarter - 1, signedAt + week + 1])
      expect(await refusalIn(at(now).verifyPolicy({ fields }))).toMatchObject({ code: 'AccessDenied' });
  });
});
