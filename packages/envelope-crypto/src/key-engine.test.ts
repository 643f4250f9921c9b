import { describe, expect, it } from 'vitest';
import { SecretBytes } from '@coffer/bytes';
import { keyEngineChecks } from './chunk-engine-contract.ts';
import { checkCustomerKey, makeCustomerKeyVerifier } from './customer-key-verifier.ts';
import type { KeyEngine } from './key-engine.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';
import { openBlobBytes } from './open-blob.ts';
import { sealBlobBytes } from './seal-blob.ts';
import { anyOf, secretOf } from './test-support.ts';
import { typescriptEngine } from './typescript-engine.ts';
import { typescriptKeys } from './typescript-keys.ts';
import { unwrapFileKeyForCustomer, wrapFileKeyForCustomer } from './wrapped-key.ts';

describe('the TypeScript engine for keys', () => {
  it.each(keyEngineChecks)('$name', (check) => {
    check.run(typescriptKeys);
  });
});

/** Engines with one mistake each; every one of them must fail the contract. */
const mistaken: Readonly<Record<string, Partial<KeyEngine>>> = {
  'derives one block only': {
    expand: (key, info, okm) => {
      typescriptKeys.expand(key, info, okm.subarray(0, 64));
    },
  },
  'ignores the aad': {
    wrap: (key, nonce, plaintext, _, sealed) => {
      typescriptKeys.wrap(key, nonce, plaintext, new Uint8Array(0), sealed);
    },
    unwrap: (key, sealed, _, plaintext) => typescriptKeys.unwrap(key, sealed, new Uint8Array(0), plaintext),
  },
  'leaves bytes of what is refused': {
    unwrap: (key, sealed, aad, plaintext) => {
      const isAuthentic = typescriptKeys.unwrap(key, sealed, aad, plaintext);
      if (!isAuthentic) plaintext.fill(1);
      return isAuthentic;
    },
  },
  'opens everything': {
    unwrap: (key, sealed, aad, plaintext) => {
      typescriptKeys.unwrap(key, sealed, aad, plaintext);
      return true;
    },
  },
  'cuts long messages': { mac: (key, message) => typescriptKeys.mac(key, message.subarray(0, 65_536)) },
};

describe('the contract', () => {
  it.each(Object.entries(mistaken))('finds an engine that %s', (_, mistake) => {
    const engine = { ...typescriptKeys, ...mistake };
    const outcomes = keyEngineChecks.map((check) =>
      outcomeOf(() => {
        check.run(engine);
      }),
    );
    expect(outcomes).toContain('failed');
  });
});

describe('an engine that is given', () => {
  it('does all work with keys, and what it made opens without it', async () => {
    const { keys, calls } = counting();
    const [customerKey, fileKey] = [secretOf(1), secretOf(2)];
    const context = { bucketId: 'bucket', fileId: 'file' };
    const wrapped = wrapFileKeyForCustomer(customerKey, fileKey, context, keys);
    expect(unwrapFileKeyForCustomer(customerKey, wrapped, context).equals(fileKey)).toBe(true);
    expect(unwrapFileKeyForCustomer(customerKey, wrapped, context, keys).equals(fileKey)).toBe(true);
    expect(calls).toEqual(['wrap', 'unwrap']);
    const verifier = makeCustomerKeyVerifier(customerKey, 'file', { keys });
    expect(checkCustomerKey(verifier, customerKey, 'file')).toBe(true);
    expect(checkCustomerKey(verifier, customerKey, 'file', keys)).toBe(true);
    expect(checkCustomerKey(verifier, fileKey, 'file', keys)).toBe(false);
    expect(calls.splice(0)).toEqual(['wrap', 'unwrap', 'mac', 'mac', 'mac']);

    const engine = { ...typescriptEngine, keys };
    const where = { fileId: 'file', partNumber: 0 };
    const { blob } = sealBlobBytes(Uint8Array.of(1, 2, 3), fileKey, where, { engine });
    const opened = [...openBlobBytes(blob, fileKey, where, anyOf(3), { start: 0, length: 3 })];
    expect(opened).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(calls.splice(0)).toEqual(['expand']);

    const key = SecretBytes.random(32);
    const providers = [keys, undefined].map(
      (given) => new MemoryKeyProvider([{ id: 'a', state: 'active', createdAt: 1, key }], given),
    );
    const [given, plain] = providers as [MemoryKeyProvider, MemoryKeyProvider];
    const aad = Uint8Array.of(9);
    expect((await plain.unwrap('a', await given.wrap('a', fileKey, aad), aad)).equals(fileKey)).toBe(true);
    expect((await given.unwrap('a', await plain.wrap('a', fileKey, aad), aad)).equals(fileKey)).toBe(true);
    expect(await given.mac('a', 'coffer/record/v1', aad)).toEqual(await plain.mac('a', 'coffer/record/v1', aad));
    expect(calls).toEqual(['wrap', 'unwrap', 'expand', 'mac']);
  });
});

function outcomeOf(act: () => void): 'passed' | 'failed' {
  try {
    act();
    return 'passed';
  } catch {
    return 'failed';
  }
}

/** The TypeScript engine, and the names of what was asked of it. */
function counting(): { readonly keys: KeyEngine; readonly calls: (keyof KeyEngine)[] } {
  const calls: (keyof KeyEngine)[] = [];
  const keys: KeyEngine = {
    expand: (...args) => {
      calls.push('expand');
      typescriptKeys.expand(...args);
    },
    mac: (...args) => {
      calls.push('mac');
      return typescriptKeys.mac(...args);
    },
    wrap: (...args) => {
      calls.push('wrap');
      typescriptKeys.wrap(...args);
    },
    unwrap: (...args) => {
      calls.push('unwrap');
      return typescriptKeys.unwrap(...args);
    },
  };
  return { keys, calls };
}
