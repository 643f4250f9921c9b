import { inspect } from 'node:util';
import { SecretString } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { createVerifier } from './create-verifier.ts';
import { signRequest } from './sign-request.ts';
import type { Signer } from './signer.ts';
import { b2Example } from '../test/aws-example.ts';
import { copyOf, refusalOf } from '../test/verifying.ts';

const request = { method: 'GET', target: '/b/k', headers: [['host', 'localhost']] as const };
const day = 86_400_000;

function signedBy(signer: Signer, payload: Parameters<typeof signRequest>[1]['payload'] = { kind: 'unsigned' }) {
  return { ...request, headers: [...request.headers, ...signRequest(request, { ...signer, payload }).headers] };
}

/** A verifier whose keys can be changed, and that counts how often a secret was opened. */
function changingKeys(cachedKeys?: number) {
  const keys = new Map([[b2Example.accessKeyId, { version: '1', secret: b2Example.secret }]]);
  const opened: SecretString[] = [];
  let now = b2Example.now ?? 0;
  const verifier = createVerifier({
    regions: ['us-west-004', 'us-east-1'],
    now: () => now,
    ...(cachedKeys !== undefined && { cachedKeys }),
    lookup: async (accessKeyId) => {
      const key = keys.get(accessKeyId);
      const openSecret = () => {
        const secret = copyOf(key ?? b2Example);
        opened.push(secret);
        return secret;
      };
      return key && { version: key.version, openSecret };
    },
  });
  const setNow = (ms: number) => {
    now = ms;
  };
  return { keys, opened, verifier, setNow };
}

describe('a verifier', () => {
  it('opens the secret once for a day and a region, and wipes it', async () => {
    const { opened, verifier, setNow } = changingKeys();
    for (let time = 0; time < 3; time++) await verifier.verify(signedBy(b2Example));
    expect(opened).toHaveLength(1);
    expect(() => {
      opened[0]?.expose(() => undefined);
    }).toThrow(expect.objectContaining({ code: 'secret_wiped' }));
    await verifier.verify(signedBy({ ...b2Example, region: 'us-east-1' }));
    expect(opened).toHaveLength(2);
    const tomorrow = (b2Example.now ?? 0) + day;
    setNow(tomorrow);
    await verifier.verify(signedBy({ ...b2Example, now: tomorrow }));
    expect(opened).toHaveLength(3);
  });

  it('does not verify with the signing key of an older secret', async () => {
    const { keys, verifier } = changingKeys();
    const old = signedBy(b2Example);
    await verifier.verify(old);
    const renewed = { ...b2Example, secret: SecretString.of('another secret') };
    keys.set(b2Example.accessKeyId, { version: '2', secret: renewed.secret });
    expect(await refusalOf(old, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(await verifier.verify(signedBy(renewed))).toMatchObject({ kind: 'header' });
    expect(await refusalOf(old, verifier)).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('does not verify with the signing key of a deleted key', async () => {
    const { keys, verifier } = changingKeys();
    await verifier.verify(signedBy(b2Example));
    keys.clear();
    expect(await refusalOf(signedBy(b2Example), verifier)).toMatchObject({ code: 'InvalidAccessKeyId' });
  });

  it('keeps no signing key for a wrong signature', async () => {
    const { opened, verifier } = changingKeys();
    const wrong = { ...signedBy(b2Example), target: '/b/other' };
    for (let time = 0; time < 2; time++) await refusalOf(wrong, verifier);
    expect(opened).toHaveLength(2);
  });

  it('forgets when told to', async () => {
    const { opened, verifier } = changingKeys();
    await verifier.verify(signedBy(b2Example));
    verifier.invalidate('another');
    await verifier.verify(signedBy(b2Example));
    expect(opened).toHaveLength(1);
    verifier.invalidate(b2Example.accessKeyId);
    await verifier.verify(signedBy(b2Example));
    expect(opened).toHaveLength(2);
    verifier.clear();
    await verifier.verify(signedBy(b2Example));
    expect(opened).toHaveLength(3);
  });

  it.each([0, 1])('verifies many keys at once with a cache of %d', async (cachedKeys) => {
    const { keys, verifier } = changingKeys(cachedKeys);
    const signers = Array.from({ length: 10 }, (_, index) => ({
      ...{ ...b2Example, accessKeyId: `key-${index}`, secret: SecretString.of(`secret-${index}`) },
    }));
    for (const { accessKeyId, secret } of signers) keys.set(accessKeyId, { version: '1', secret });
    const rounds = Array.from({ length: 3 }, () => signers).flat();
    const verified = await Promise.all(rounds.map((signer) => verifier.verify(signedBy(signer))));
    expect(verified.map((one) => one.kind === 'header' && one.accessKeyId)).toEqual(
      rounds.map(({ accessKeyId }) => accessKeyId),
    );
  });

  it('gives signed chunks a key of their own, which outlives the cached one', async () => {
    const { verifier } = changingKeys();
    const signed = signedBy(b2Example, { kind: 'aws-chunked', signed: true, trailer: false });
    const verified = await verifier.verify(signed);
    if (verified.kind === 'anonymous' || verified.payload.kind !== 'aws-chunked') throw new TypeError('not chunked');
    verifier.clear();
    expect(verified.payload.signatures?.next('')).toMatch(/^[0-9a-f]{64}$/);
    verified.payload.signatures?.wipe();
    expect(() => verified.payload.kind === 'aws-chunked' && verified.payload.signatures?.next('')).toThrow(
      expect.objectContaining({ code: 'secret_wiped' }),
    );
  });

  it('lets anonymous requests through, for others to decide on', async () => {
    const { verifier } = changingKeys();
    expect(await verifier.verify(request)).toEqual({ kind: 'anonymous', headers: [['host', 'localhost']] });
  });

  it('passes on what the look-up throws', async () => {
    const lookup = () => Promise.reject(new RangeError('the store is gone'));
    const verifier = createVerifier({ regions: ['us-west-004'], lookup, now: () => b2Example.now ?? 0 });
    await expect(verifier.verify(signedBy(b2Example))).rejects.toThrow('the store is gone');
  });

  it('shows no secret in what it answers', async () => {
    const { verifier } = changingKeys();
    const signed = signedBy(b2Example, { kind: 'aws-chunked', signed: true, trailer: false });
    const verified = await verifier.verify(signed);
    const shown = inspect([verified, verifier], { depth: 9, showHidden: true }) + JSON.stringify(verified);
    expect(shown).not.toContain(b2Example.secret.expose((text) => text));
  });
});
