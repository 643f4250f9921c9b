import { readFileSync } from 'node:fs';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { typescriptEngine, typescriptKeys } from '@coffer/envelope-crypto';
import { chunkEngineChecks, chunkVectorChecks, compareEngines } from '@coffer/envelope-crypto/contract';
import { keyEngineChecks } from '@coffer/envelope-crypto/key-contract';
import { findBinding, type Load, type Missing } from './native-binding.ts';
import { engineOver, nativeEngine } from './native-engine.ts';

const library = findBinding();
const found = nativeEngine();
const engine = 'engine' in found ? found.engine : undefined;
const missing = 'missing' in found ? found.missing : '';

const bytesOf = (least: number, most = least) => fc.uint8Array({ minLength: least, maxLength: most });

// With COFFER_NATIVE=required, as CI runs it after a build, what is missing is a failure.
const skipped = engine === undefined && process.env['COFFER_NATIVE'] !== 'required';
const anyFunction = expect.any(Function) as unknown;
const vectors = (name: string): string =>
  readFileSync(new URL(`../../envelope-crypto/vectors/${name}`, import.meta.url), 'utf8');
const vectorChecks = chunkVectorChecks(
  vectors('c2sp_chunked_encryption_aes_256_gcm_test.json'),
  vectors('coffer-format-v1.json'),
);

describe.skipIf(skipped)(`the native engine${skipped ? ` (skipped: ${missing})` : ''}`, () => {
  it('is there', () => {
    expect(missing).toBe('');
    expect(engine!.name).toBe('native');
    expect(nativeEngine()).toBe(found);
  });

  it.each(chunkEngineChecks)('$name', (check) => check.run(engine!));
  it.each(vectorChecks)('$name', (check) => check.run(engine!));
  it.each(keyEngineChecks)('$name', (check) => {
    check.run(engine!.keys!);
  });

  property.prop(
    [bytesOf(32), bytesOf(24), bytesOf(0, 300), bytesOf(0, 300), fc.integer({ min: 1, max: 300 }), fc.nat()],
    { numRuns: 300 },
  )('does with keys what the TypeScript engine does', (key, nonce, message, aad, length, damage) => {
    const answersOf = (keys: typeof typescriptKeys) => {
      const [okm, sealed] = [new Uint8Array(length), new Uint8Array(message.length + 40)];
      keys.expand(key, aad, okm);
      keys.wrap(key, nonce, message, aad, sealed);
      const [opened, refused] = [new Uint8Array(message.length), new Uint8Array(message.length).fill(1)];
      const isAuthentic = keys.unwrap(key, sealed, aad, opened);
      const damaged = sealed.map((byte, at) => (at === damage % sealed.length ? byte ^ 0x10 : byte));
      return [
        okm,
        sealed,
        keys.mac(key, message),
        opened,
        isAuthentic,
        keys.unwrap(key, damaged, aad, refused),
        refused,
      ];
    };
    const answers = answersOf(engine!.keys!);
    expect(answers).toEqual(answersOf(typescriptKeys));
    expect(answers.slice(3, 6)).toEqual([message, true, false]);
  });

  it('works aside', () => {
    const worker = engine!.chunksOf(new Uint8Array(32), new Uint8Array(12));
    expect(worker).toMatchObject(Object.fromEntries(['sealAside', 'openAside'].map((name) => [name, anyFunction])));
    worker.discard();
  });

  property.prop(
    [
      fc.record({
        key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }),
        first: fc.oneof(fc.integer({ min: 0, max: 2 ** 38 - 8 }), fc.integer({ min: 0, max: 300 })),
        plaintext: fc
          .tuple(fc.integer({ min: 0, max: 4 * 16_384 }), fc.boolean(), fc.nat(255))
          .map(([length, full, seed]) =>
            Uint8Array.from({ length: full ? length - (length % 16_384) : length }, (_, i) => (i * 31 + seed) & 0xff),
          ),
        emptyLast: fc.boolean(),
        cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        damage: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 3 }),
      }),
    ],
    { numRuns: 100 },
  )('does what the TypeScript engine does, however a run is cut or damaged', async (run) => {
    await compareEngines(typescriptEngine, engine!, run);
  });

  it('tells a caller who transfers memory that is worked on', async () => {
    const worker = engine!.chunksOf(new Uint8Array(32), new Uint8Array(12));
    const plaintext = new Uint8Array(16_384);
    const sealed = new Uint8Array(16_384 + 16);
    const done = worker.sealAside!(0, plaintext, sealed);
    // Kept until the end, so that the memory stays where the other thread writes it.
    const elsewhere = structuredClone(sealed, { transfer: [sealed.buffer] });
    await expect(done).rejects.toThrow('was transferred elsewhere');
    expect(elsewhere.length).toBe(16_384 + 16);
    worker.discard();
  });

  it('keeps the memory of runs that nobody else holds', async () => {
    const worker = engine!.chunksOf(new Uint8Array(32), new Uint8Array(12));
    const runs = Array.from({ length: 50 }, (_, i) =>
      worker.sealAside!(i, new Uint8Array(200_000), new Uint8Array(200_000 + 13 * 16)),
    );
    for (let i = 0; i < 100; i++) new Uint8Array(1_000_000).fill(i);
    await Promise.all(runs);
    worker.discard();
  });
});

describe('a library that is not there, or not the right one', () => {
  const notFound = (): never => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  };

  it('is missing, in a sentence that says what to do', () => {
    expect(missingOf(notFound, 'sunos-x64')).toEqual({
      reason: 'not_built',
      missing: expect.stringContaining('no library was built for sunos-x64') as unknown,
    });
  });

  it('looks for the local build, then for the packages of the platform', () => {
    const asked: string[] = [];
    findBinding((what) => {
      asked.push(what.replace(/^.*[\\/](?=native[\\/])/, ''));
      return notFound();
    }, 'linux-x64');
    expect(asked).toEqual([
      'native/coffer-envelope.node',
      '@coffer/envelope-native-linux-x64',
      '@coffer/envelope-native-linux-x64-musl',
    ]);
  });

  it('tries the next one where a file cannot be loaded', () => {
    const binding = { interfaceVersion: (): number => 2 };
    const result = findBinding((what) => {
      if (what.endsWith('-musl')) return binding;
      throw Object.assign(new Error('libc.so: cannot open\nsecond line'), { code: 'ERR_DLOPEN_FAILED' });
    }, 'linux-arm64');
    expect(result).toEqual({ binding });
  });

  it('names the first library that is there, not a package that is not', () => {
    const refused = missingOf((what) => (what.endsWith('-musl') ? { interfaceVersion: (): number => 3 } : notFound()));
    expect(refused.reason).toBe('other_version');
    expect(refused.missing).toContain('@coffer/envelope-native-linux-x64-musl was built for another version');
  });

  it.each([
    ['of another version', { interfaceVersion: (): number => 3 }, 'other_version', 'was built for another version'],
    ['without a version', {}, 'other_version', 'was built for another version'],
    [
      'that does not seal',
      { interfaceVersion: (): number => 2, seal: () => undefined, open: () => -1 },
      'self_test_failed',
      'does not work as it should',
    ],
    [
      'that does nothing with keys',
      {
        ...('binding' in library ? library.binding : {}),
        ...{ interfaceVersion: (): number => 2, wrap: () => undefined, unwrap: () => true },
      },
      'self_test_failed',
      'does not work as it should',
    ],
    [
      'that throws',
      {
        interfaceVersion: (): number => 2,
        seal: () => {
          throw new TypeError('illegal instruction');
        },
        open: () => -1,
      },
      'self_test_failed',
      'does not work as it should',
    ],
  ])('refuses one %s', (_, given, reason, words) => {
    expect(missingOf(() => given)).toEqual({ reason, missing: expect.stringContaining(words) as unknown });
  });

  it('says in one line why a file cannot be loaded', () => {
    const refused = missingOf(() => {
      throw Object.assign(new Error('wrong ELF class\nsecond line'), { code: 'ERR_DLOPEN_FAILED' });
    });
    expect(refused.reason).toBe('not_loadable');
    expect(refused.missing).toMatch(
      /^The native engine is not available: .*coffer-envelope\.node cannot be loaded \(wrong ELF class\)$/,
    );
  });
});

function missingOf(load: Load, platform = 'linux-x64'): Missing {
  const result = engineOver(findBinding(load, platform));
  if ('engine' in result) throw new Error('Nothing is missing');
  return result;
}
