import { describe, expect, it } from 'vitest';
import type { HeaderPair } from '../request/header-lines.ts';
import { SigV4Error } from '../request/sigv4-error.ts';
import { authenticationScheme } from './authentication-scheme.ts';

const authorization = (value: string): HeaderPair[] => [['authorization', value]];

describe('the scheme of a request', () => {
  it.each([
    ['/b/k', authorization('AWS4-HMAC-SHA256 Credential=a'), { kind: 'header', components: 'Credential=a' }],
    ['/b/k?X-Amz-Algorithm=a', [], { kind: 'presigned' }],
    ['/b/k?X-Amz-Signature=a', [], { kind: 'presigned' }],
    ['/b/k?a&X-Amz-Credential', [], { kind: 'presigned' }],
    ['/b/k?X-Amz-Algorithm=a&response-expires=b', [], { kind: 'presigned' }],
    ['/b/k', [], { kind: 'anonymous' }],
    ['/b/k', authorization(''), { kind: 'anonymous' }],
    ['/b/k?x-amz-signature=a', [], { kind: 'anonymous' }],
    ['/b/k?AWSAccessKeyId=a', [], { kind: 'anonymous' }],
  ] as const)('of %s with %j', (target, headers, scheme) => {
    expect(authenticationScheme(target, headers)).toEqual(scheme);
  });

  const v2 = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
  const space = "Authorization header is invalid -- one and only one ' ' (space) required.";
  it.each([
    ['?X-Amz-Signature=a', authorization('AWS4-HMAC-SHA256 a'), 'InvalidArgument', /^Only one auth mechanism allowed/],
    ['?X-Amz-Algorithm=a', authorization('Basic a'), 'InvalidArgument', /^Only one auth mechanism allowed/],
    ['', authorization('AWS a:b'), 'InvalidRequest', v2],
    ['', authorization('AWS4-HMAC-SHA256'), 'InvalidArgument', space],
    ['', authorization('AWS4-HMAC-SHA256  Credential=a'), 'InvalidArgument', space],
    ['', authorization('4_token'), 'InvalidArgument', space],
    ['', [...authorization('Basic a'), ...authorization('Basic b')], 'InvalidArgument', /^Only one Authorization/],
    ['', authorization('AWS4-ECDSA-P256-SHA256 a'), 'NotImplemented', /AWS4-ECDSA-P256-SHA256/],
    ['', authorization('Bearer a'), 'InvalidArgument', 'Unsupported Authorization Type'],
    ['', authorization('aws4-hmac-sha256 a'), 'InvalidArgument', 'Unsupported Authorization Type'],
    ['?AWSAccessKeyId=a&Signature=b&Expires=1', [], 'InvalidRequest', v2],
    ['', [['X-Amz-Security-Token', 'a']], 'InvalidToken', /token/],
    ['?response-content-type=a', [], 'InvalidRequest', /^Request specific response headers cannot be used/],
    ['?%zz', [], 'InvalidURI', "Couldn't parse the specified URI."],
    ['?a=b&%C5%', [], 'InvalidURI', "Couldn't parse the specified URI."],
  ] as const)('is refused of %s with %j', (query, headers, code, message) => {
    const refusal = refusalOf(`/b/k${query}`, headers);
    expect(refusal.code).toBe(code);
    if (typeof message === 'string') expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });

  it.each([
    'x-amz-server-side-encryption-customer-key',
    'X-Amz-Server-Side-Encryption-Customer-Algorithm',
    'x-amz-copy-source-server-side-encryption-customer-key',
    'x-amz-server-side%2Dencryption-customer-key',
  ])('is refused with a customer key in the query, in any other scheme too: %s', (name) => {
    for (const headers of [[], authorization('AWS4-HMAC-SHA256 a'), authorization('Bearer a')]) {
      const refusal = refusalOf(`/b/k?X-Amz-Signature=a&${name}=c2VjcmV0`, headers);
      expect(refusal).toMatchObject({
        code: 'InvalidArgument',
        details: { ArgumentName: 'x-amz-server-side-encryption' },
      });
      expect(refusal.message).not.toContain('c2VjcmV0');
    }
  });

  it('says nothing of what an unknown Authorization holds', () => {
    const refusal = refusalOf('/', authorization('Bearer token-of-somebody'));
    expect(refusal).toMatchObject({
      message: 'Unsupported Authorization Type',
      details: { ArgumentName: 'Authorization' },
    });
  });
});

function refusalOf(target: string, headers: readonly HeaderPair[]): SigV4Error {
  try {
    authenticationScheme(target, headers);
  } catch (error) {
    if (error instanceof SigV4Error) return error;
    throw error;
  }
  throw new TypeError('The request has a scheme');
}
