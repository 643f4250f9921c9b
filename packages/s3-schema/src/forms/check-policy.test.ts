import fc from 'fast-check';
import { encodeBase64 } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing/refusal.ts';
import { checkPolicy } from './check-policy.ts';
import type { FormField } from './form-fields.ts';

const now = Date.UTC(2026, 0, 2);
const expiration = '2026-01-02T00:00:00Z';
const bucketCondition = { bucket: 'b' };

const encode = (text: string) => encodeBase64(new TextEncoder().encode(text));
const policyOf = (conditions: readonly unknown[]) => encode(JSON.stringify({ expiration, conditions }));

/** A form under a policy with these conditions. */
function check(conditions: readonly unknown[], fields: readonly FormField[], fileName = 'f.png') {
  return checkPolicy({ fields: [['policy', policyOf(conditions)], ...fields], fileName, bucket: 'b' }, now);
}

const checkText = (text: string, at = now) =>
  checkPolicy({ fields: [['policy', text]], fileName: '', bucket: 'b' }, at);

const failed = (text: string) => ({
  code: 'AccessDenied',
  status: 403,
  message: `Invalid according to Policy: Policy Condition failed: ${text}`,
});

describe('a policy', () => {
  // "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)", Amazon S3 API Reference.
  it('allows the form of the example of AWS', () => {
    const redirect = 'http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html';
    const credential = 'AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request';
    const document = {
      expiration: '2015-12-30T12:00:00.000Z',
      conditions: [
        { bucket: 'sigv4examplebucket' },
        ['starts-with', '$key', 'user/user1/'],
        { acl: 'public-read' },
        { success_action_redirect: redirect },
        ['starts-with', '$Content-Type', 'image/'],
        { 'x-amz-meta-uuid': '14365123651274' },
        { 'x-amz-server-side-encryption': 'AES256' },
        ['starts-with', '$x-amz-meta-tag', ''],
        { 'x-amz-credential': credential },
        { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
        { 'x-amz-date': '20151229T000000Z' },
      ],
    };
    const fields: FormField[] = [
      ['key', 'user/user1/${filename}'],
      ['acl', 'public-read'],
      ['success_action_redirect', redirect],
      ['Content-Type', 'image/jpeg'],
      ['x-amz-meta-uuid', '14365123651274'],
      ['x-amz-server-side-encryption', 'AES256'],
      ['X-Amz-Credential', credential],
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Date', '20151229T000000Z'],
      ['x-amz-meta-tag', ''],
      ['Policy', encode(JSON.stringify(document))],
      ['X-Amz-Signature', '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e'],
    ];
    const form = { fields, fileName: 'a.jpg', bucket: 'sigv4examplebucket' };
    expect(checkPolicy(form, Date.UTC(2015, 11, 30, 12))).toEqual({ minBytes: 0, maxBytes: Infinity });
    expect(refusalOf(() => checkPolicy(form, Date.UTC(2015, 11, 30, 12) + 1))).toMatchObject({
      code: 'AccessDenied',
      message: 'Invalid according to Policy: Policy expired.',
    });
    const elsewhere = { ...form, bucket: 'other' };
    const { message } = failed('["eq", "$bucket", "sigv4examplebucket"]');
    expect(refusalOf(() => checkPolicy(elsewhere, now - 1e12))).toMatchObject({ message });
  });

  it.each([
    ['an exact value', { acl: 'private' }, ['acl', 'private'], ['acl', 'public-read'], '["eq", "$acl", "private"]'],
    [
      'the same as a list',
      ['eq', '$Acl', 'private'],
      ['ACL', 'private'],
      ['acl', 'Private'],
      '["eq", "$Acl", "private"]',
    ],
    [
      'no value',
      ['eq', '$x-amz-meta-a', ''],
      ['x-amz-meta-a', ''],
      ['x-amz-meta-a', 'a'],
      '["eq", "$x-amz-meta-a", ""]',
    ],
    ['a prefix', ['StArTs-WiTh', '$KeY', 'a/'], ['key', 'a/b'], ['key', 'b'], '["StArTs-WiTh", "$KeY", "a/"]'],
    ['the file\u2019s name', { key: 'a/f.png' }, ['key', 'a/${filename}'], ['key', 'a/'], '["eq", "$key", "a/f.png"]'],
    [
      'each of several types',
      ['starts-with', '$Content-Type', 'image/'],
      ['Content-Type', 'image/jpg,image/png'],
      ['Content-Type', 'image/jpg,text/plain'],
      '["starts-with", "$Content-Type", "image/"]',
    ],
    [
      'commas in anything else',
      ['starts-with', '$key', 'a'],
      ['key', 'a,b'],
      ['key', ',a'],
      '["starts-with", "$key", "a"]',
    ],
    ['a quote', { key: 'a"' }, ['key', 'a"'], ['key', 'a'], '["eq", "$key", "a\\""]'],
  ] as [string, unknown, FormField, FormField, string][])('asks for %s', (_, condition, good, bad, text) => {
    const conditions = [bucketCondition, condition];
    expect(check(conditions, [good])).toEqual({ minBytes: 0, maxBytes: Infinity });
    expect(refusalOf(() => check(conditions, [bad]))).toMatchObject(failed(text));
    // Not even an empty prefix is met by a field that is not there.
    expect(refusalOf(() => check(conditions, []))).toMatchObject(failed(text));
  });

  it('has all conditions met, also several of one field', () => {
    const conditions = [bucketCondition, ['starts-with', '$key', 'a'], ['starts-with', '$key', 'ab']];
    expect(check(conditions, [['key', 'abc']])).toBeDefined();
    expect(refusalOf(() => check(conditions, [['key', 'acb']]))).toMatchObject(failed('["starts-with", "$key", "ab"]'));
  });

  it('covers every field but those that are exempt', () => {
    const conditions = [bucketCondition, { key: 'a' }];
    const key: FormField = ['key', 'a'];
    const exempt: FormField[] = [
      ['X-Ignore-This', ''],
      ['x-amz-signature', 'a'],
    ];
    expect(check(conditions, [key, ...exempt, ['bucket', 'b']])).toBeDefined();
    const extra = (names: string) => ({
      code: 'AccessDenied',
      status: 403,
      message: `Invalid according to Policy: Extra input fields: ${names}`,
    });
    expect(refusalOf(() => check(conditions, [key, ['Submit', ''], ['x-amz-meta-a', '']]))).toMatchObject(
      extra('Submit, x-amz-meta-a'),
    );
    expect(refusalOf(() => check([{ key: 'a' }], [key]))).toMatchObject(extra('bucket'));
  });

  it('bounds the file', () => {
    const range = (min: unknown, max: unknown) => ['content-length-range', min, max];
    const bounds = (...ranges: unknown[]) => check([bucketCondition, ...ranges], []);
    expect(bounds(range(1, 1024))).toEqual({ minBytes: 1, maxBytes: 1024 });
    expect(bounds(range('5', '10'))).toEqual({ minBytes: 5, maxBytes: 10 });
    expect(bounds(range(1, 10), range(5, 20))).toEqual({ minBytes: 5, maxBytes: 10 });
    expect(refusalOf(() => bounds(range('test', '10')))).toMatchObject(
      failed('["content-length-range", "test", "10"]'),
    );
    for (const [min, max] of [
      [-1, 0],
      [0.5, 1],
      [0, null],
      [0, 1e300],
    ])
      expect(refusalOf(() => bounds(range(min, max)))).toMatchObject({ code: 'InvalidPolicyDocument', status: 400 });
  });

  it('with a condition that names no field allows nothing', () => {
    expect(refusalOf(() => check([bucketCondition, ['eq', 'key', 'a']], [['key', 'a']]))).toMatchObject(
      failed('["eq", "key", "a"]'),
    );
  });

  it.each([
    ['no base64', 'eyJ', 'Invalid Base64 encoding.'],
    ['no JSON', encode('{'), 'Invalid JSON.'],
    ['no UTF-8', encodeBase64(new Uint8Array([0x22, 0xff, 0x22])), 'Invalid JSON.'],
    ['no object', encode('[]'), 'Invalid JSON.'],
    ['a member twice', encode('{"conditions":[],"conditions":[]}'), 'Invalid JSON.'],
    ['an unknown member', encode('{"Statement":[]}'), "Unexpected: 'Statement'"],
    ['no expiration', encode('{"conditions":[]}'), 'Policy missing expiration.'],
    ['no conditions', encode(JSON.stringify({ expiration })), 'Policy missing conditions.'],
    [
      'conditions that are no list',
      encode(JSON.stringify({ expiration, conditions: {} })),
      "Invalid 'conditions' value: must be a List.",
    ],
    ...['2026-01-02T00:00:00+02:00', '2026-01-02 00:00:00 UTC', 7].map((value) => [
      `the expiration ${value}`,
      encode(JSON.stringify({ expiration: value, conditions: [] })),
      `Invalid 'expiration' value: '${value}'`,
    ]),
    ...[
      [{}, 'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'],
      [{ a: 'a', b: 'b' }, 'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'],
      [{ 'Content-Length': 7 }, 'Invalid Simple-Condition: value must be a string.'],
      [[], 'Invalid Condition: missing operation identifier.'],
      [['in', '$key', 'a'], "Invalid Condition: unknown operation 'in'."],
      [['eq', '$key'], 'Invalid eq: wrong number of arguments.'],
      [['starts-with', '$key', 7], 'Invalid starts-with: must be strings.'],
      [['content-length-range', 0], 'Invalid content-length-range: wrong number of arguments.'],
      ['key', 'Invalid Condition: must be a List or Object.'],
    ].map(([condition, fault]) => [JSON.stringify(condition), policyOf([condition]), fault]),
  ] as [string, string, string][])('is none with %s', (_, text, fault) => {
    const expected = { code: 'InvalidPolicyDocument', status: 400, message: `Invalid Policy: ${fault}` };
    expect(refusalOf(() => checkText(text))).toMatchObject(expected);
  });

  it('has to be there, once', () => {
    const form = { fields: [], fileName: '', bucket: 'b' };
    const details = { ArgumentName: 'Policy', ArgumentValue: '' };
    expect(refusalOf(() => checkPolicy(form, now))).toMatchObject({ code: 'InvalidArgument', details });
    const policy = policyOf([bucketCondition]);
    const fields: FormField[] = [
      ['policy', policy],
      ['POLICY', policy],
    ];
    expect(refusalOf(() => checkPolicy({ ...form, fields }, now)).code).toBe('InvalidArgument');
  });

  const names = fc.stringMatching(/^[a-d$-]{1,4}$/);
  const values = fc.string({ maxLength: 4 }).filter((value) => !value.includes('${'));
  const forms = fc.uniqueArray(fc.tuple(names, values), { selector: ([name]) => name, maxLength: 6 });

  it('made for a form allows that form and no other', () => {
    fc.assert(
      fc.property(forms, fc.nat(), values, (fields, pick, value) => {
        const conditions = [bucketCondition, ...fields.map(([name, exact]) => ({ [name.toUpperCase()]: exact }))];
        expect(check(conditions, fields)).toEqual({ minBytes: 0, maxBytes: Infinity });
        const at = pick % Math.max(1, fields.length);
        const changed = fields.map(([name, old], index): FormField => [name, index === at ? value : old]);
        if (changed[at] !== undefined && value !== fields[at]?.[1])
          expect(refusalOf(() => check(conditions, changed)).code).toBe('AccessDenied');
        const lacking = fields.filter((_, index) => index !== at);
        if (lacking.length < fields.length)
          expect(refusalOf(() => check(conditions, lacking)).code).toBe('AccessDenied');
        expect(refusalOf(() => check(conditions, [...fields, ['another', '']])).code).toBe('AccessDenied');
      }),
    );
  });

  it('of any JSON is read or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.jsonValue(), (conditions, document) => {
        for (const text of [policyOf(conditions), encode(JSON.stringify(document))])
          expect(refusalOf(() => checkText(text)).code).toMatch(/^(InvalidPolicyDocument|AccessDenied)$/);
      }),
    );
  });
});
