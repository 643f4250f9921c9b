import { SecretString } from '@coffer/bytes';
import { createVerifier, presignRequest, signRequest, SigV4Error, type RawRequest } from '@coffer/sigv4';
import fc from 'fast-check';
import { oddText, oneLine } from '../odd-text.ts';
import { garble } from '../raw-http.ts';
import { Broken, outcomeOf, parserTarget, verdictOf } from './parser-target.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const region = 'us-east-1';
const openSecret = (): SecretString => SecretString.of('the secret of a parser target');
const verifier = createVerifier({
  regions: [region],
  now: () => now,
  lookup: (id) => Promise.resolve(id === 'a-key' ? { version: '1', openSecret } : undefined),
});
const signer = () => ({ accessKeyId: 'a-key', secret: openSecret(), region, now });

const garblings = fc.array(
  fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(8),
    insert: fc.oneof(
      fc.constantFrom(
        ',',
        ', ',
        ' ',
        '=',
        '/',
        ';',
        '&',
        '%',
        '%2F',
        '%zz',
        'Credential=',
        'Signature=',
        '&X-Amz-Signature=',
        '&X-Amz-Expires=9',
      ),
      oddText.map(oneLine),
    ),
  }),
  { maxLength: 3 },
);
const header = fc.record({
  method: fc.constantFrom('GET', 'PUT'),
  target: fc.constantFrom('/b/k', '/b/k?a=b&c', '/b/%C3%A9?x=%20'),
  garblings,
});

/** Whatever was garbled: a request that is taken has the signature that it was given. */
export const authorizationTarget = parserTarget(
  'Authorization header',
  header,
  async ({ method, target, garblings: all }) => {
    const request = { method, target, headers: [['Host', 'coffer.test']] } as const;
    const { headers, signature } = signRequest(request, { ...signer(), payload: { kind: 'unsigned' } });
    const garbled = headers.map(
      ([name, value]) => [name, name === 'authorization' ? all.reduce(garble, value) : value] as const,
    );
    return verified({ ...request, headers: [...request.headers, ...garbled] }, signature);
  },
);

/** The same for a signature in the query. */
export const presignedTarget = parserTarget(
  'presigned requests',
  header,
  async ({ method, target, garblings: all }) => {
    const request = { method, target, headers: [['Host', 'coffer.test']] } as const;
    const signed = presignRequest(request, { ...signer(), expiresIn: 600 });
    const signature = /X-Amz-Signature=([0-9a-f]{64})/.exec(signed)?.[1] ?? '';
    return verified({ ...request, target: all.reduce(garble, signed) }, signature);
  },
);

async function verified(request: RawRequest, signature: string) {
  const outcome = await outcomeOf(SigV4Error, () => verifier.verify(request));
  const isSigned = outcome.value !== undefined && outcome.value.kind !== 'anonymous';
  const line = [...request.headers].find(([name]) => name === 'authorization')?.[1] ?? '';
  if (isSigned && !`${request.target} ${line}`.includes(signature)) throw new Broken('another signature was taken');
  return verdictOf(outcome);
}
