import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { typescriptEngine } from '@coffer/envelope-crypto';
import { findBinding } from './native-binding.ts';
import { nativeEngine } from './native-engine.ts';

// The library itself, without the checks in front of it: whatever it is called with, it answers or throws an Error.
const found = findBinding();
const binding = 'binding' in found ? found.binding : undefined;
const skipped = binding === undefined && process.env['COFFER_NATIVE'] !== 'required';
const title = `the native library${'missing' in found ? ` (skipped: ${found.missing})` : ''}`;

type Call = (...args: readonly unknown[]) => unknown;
const calls = ['seal', 'open', 'sealAside', 'openAside'] as const;
const methodOf =
  (name: (typeof calls)[number]): Call =>
  (...args) =>
    (binding as unknown as Record<typeof name, Call>)[name](...args);

/** Memory that the arguments of one call lie in, often the same. */
const memory = new ArrayBuffer(70_000);

const length = fc.oneof(
  fc.constantFrom(0, 1, 12, 15, 16, 17, 32, 16_383, 16_384, 16_385, 16_400, 16_401, 32_768, 32_800),
  fc.nat(40_000),
);

const view = fc.tuple(fc.nat(30_000), length).map(([start, size]) => new Uint8Array(memory, start, size));
const ownArray = length.map((size) => new Uint8Array(size));

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, '', 'text', 0, -1, Number.NaN, Infinity, 2 ** 53, 10n, Symbol('odd')),
  fc.constantFrom<unknown>({}, [], () => 1, /x/, new Date(0), new Error('odd'), new Map(), Promise.resolve(1)),
  length.map((size) => new Uint8Array(new SharedArrayBuffer(size))),
  length.map((size) => transferred(new Uint8Array(size))),
  length.map((size) => new ArrayBuffer(size)),
  length.map((size) => new DataView(new ArrayBuffer(size))),
  length.map((size) => new Uint8ClampedArray(size)),
  fc.nat(100).map((size) => new Float64Array(size)),
  length.map((size) => Buffer.from(new Uint8Array(size))),
  length.map((size) => new Proxy(new Uint8Array(size), {})),
  length.map((size) => ({ length: size, buffer: memory, byteOffset: 0 })),
);

const array: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: ownArray, weight: 3 },
  { arbitrary: view, weight: 3 },
  { arbitrary: odd, weight: 1 },
);

const place: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.nat(1_000), weight: 4 },
  fc.double(),
  fc.constantFrom<unknown>(2 ** 38 - 2, 2 ** 38 - 1, 2 ** 38, 2 ** 53, -0, -1, 0.5, Number.NaN, -Infinity, 1e308),
  odd,
);

const keyLike: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constant(new Uint8Array(32).fill(1)), weight: 6 },
  array,
);
const nonceLike: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constant(new Uint8Array(12).fill(2)), weight: 6 },
  array,
);
/** Arrays that fit each other, mostly: a run and the room for it. */
const run: fc.Arbitrary<readonly [unknown, unknown]> = fc.oneof(
  length.map((size) => {
    const sealed = size + 16 * Math.max(1, Math.ceil(size / 16_384));
    return [new Uint8Array(size), new Uint8Array(sealed)] as const;
  }),
  fc.tuple(array, array),
);

const keyCalls = ['expand', 'mac', 'wrap', 'unwrap'] as const;
const keyCall =
  (name: (typeof keyCalls)[number]): Call =>
  (...args) =>
    (binding as unknown as Record<typeof name, Call>)[name](...args);
/** What each call takes, in the order of its arguments; the last is written to. */
const fitting = { expand: [32, 50, 76], mac: [32, 50, 32], wrap: [32, 24, 32, 50, 72], unwrap: [32, 72, 50, 32] };

describe.skipIf(skipped)(`${title}, with single keys`, () => {
  property.prop([fc.constantFrom(...keyCalls), fc.array(fc.oneof(array, fc.constant('fits')), { maxLength: 6 })], {
    numRuns: 3_000,
  })('answers or refuses whatever it is called with', async (name, given) => {
    const args = given.map((arg, i) => (arg === 'fits' ? new Uint8Array(fitting[name][i] ?? 0) : arg));
    const error = await refusalOf(keyCall(name), args);
    if (error !== undefined) expect(error).toBeInstanceOf(Error);
  });

  property.prop([fc.constantFrom(...keyCalls), fc.nat(30_000), fc.nat(100)], { numRuns: 500 })(
    'writes nothing beyond the array it writes to',
    async (name, start, length) => {
      const everything = new Uint8Array(memory).fill(0xaa);
      const read = fitting[name].slice(0, -1).map((size) => new Uint8Array(size));
      await refusalOf(keyCall(name), [...read, new Uint8Array(memory, start, length)]);
      expect(everything.subarray(0, start).every((byte) => byte === 0xaa)).toBe(true);
      expect(everything.subarray(start + length).every((byte) => byte === 0xaa)).toBe(true);
    },
  );

  it.each(keyCalls)('%s refuses arrays that overlap, and lengths that do not fit', async (name) => {
    const sizes = fitting[name];
    const last = sizes.length - 1;
    const arrays = (change: (size: number, i: number) => number) =>
      sizes.map((size, i) => new Uint8Array(change(size, i)));
    const fits = name === 'unwrap' ? false : undefined;
    expect(keyCall(name)(...arrays((size) => size)) ?? undefined).toBe(fits);
    for (let i = 0; i < last; i++) {
      const shared = new Uint8Array(1_000);
      const args = arrays((size) => size);
      args[i] = shared.subarray(100, 100 + args[i]!.length);
      args[last] = shared.subarray(99 + args[i]!.length, 99 + args[i]!.length + args[last]!.length);
      expect(await refusalOf(keyCall(name), args)).toMatchObject({ message: 'the arrays overlap in memory' });
    }
    for (const by of [-1, 1])
      expect(
        await refusalOf(
          keyCall(name),
          arrays((size, i) => (i === 0 ? size + by : size)),
        ),
      ).toMatchObject({
        message: `key cannot have ${32 + by} bytes`,
      });
  });

  it('names what is wrong', async () => {
    const messageOf = async (name: (typeof keyCalls)[number], ...sizes: readonly number[]) =>
      (
        (await refusalOf(
          keyCall(name),
          sizes.map((size) => new Uint8Array(size)),
        )) as Error
      ).message;
    expect(await messageOf('expand', 32, 5, 255 * 64 + 1)).toBe('the cryptographic library failed');
    expect(await messageOf('mac', 32, 5, 31)).toBe('tag cannot have 31 bytes');
    expect(await messageOf('wrap', 32, 12, 32, 5, 72)).toBe('nonce cannot have 12 bytes');
    expect(await messageOf('wrap', 32, 24, 32, 5, 71)).toBe('sealed cannot have 71 bytes');
    expect(await messageOf('unwrap', 32, 39, 5, 0)).toBe('sealed cannot have 39 bytes');
    expect(await messageOf('unwrap', 32, 72, 5, 31)).toBe('sealed cannot have 72 bytes');
  });
});

describe.skipIf(skipped)(title, () => {
  property.prop(
    [fc.constantFrom(...calls), keyLike, nonceLike, place, run, fc.boolean(), fc.array(odd, { maxLength: 2 })],
    { numRuns: 3_000 },
  )('answers or refuses whatever it is called with', async (name, key, nonce, first, [one, other], turned, more) => {
    const pair = name.startsWith('open') !== turned ? [other, one] : [one, other];
    const error = await refusalOf(methodOf(name), [key, nonce, first, ...pair, ...more]);
    if (error !== undefined) expect(error).toBeInstanceOf(Error);
  });

  property.prop([fc.constantFrom(...calls), fc.array(fc.oneof(odd, array), { maxLength: 4 })], { numRuns: 500 })(
    'refuses calls with too few arguments',
    async (name, args) => {
      expect(await refusalOf(methodOf(name), args)).toBeInstanceOf(Error);
    },
  );

  property.prop([fc.constantFrom(...calls), view, view, fc.nat(1_000)], { numRuns: 500 })(
    'writes nothing beyond the array it writes to',
    async (name, one, other, first) => {
      const everything = new Uint8Array(memory).fill(0xaa);
      const [key, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
      await refusalOf(methodOf(name), [key, nonce, first, one, other]);
      const start = other.byteOffset;
      expect(everything.subarray(0, start).every((byte) => byte === 0xaa)).toBe(true);
      expect(everything.subarray(start + other.length).every((byte) => byte === 0xaa)).toBe(true);
    },
  );

  it.each(calls)('%s refuses arrays that overlap, the key among them', async (name) => {
    const both = new Uint8Array(1_000);
    const key = new Uint8Array(32);
    const nonce = new Uint8Array(12);
    const [from, to] = name.startsWith('open') ? [116, 100] : [100, 116];
    const overlapping: readonly (readonly unknown[])[] = [
      [key, nonce, 0, both.subarray(0, from), both.subarray(99, 99 + to)],
      [both.subarray(500, 532), nonce, 0, both.subarray(0, from), both.subarray(450, 450 + to)],
      [key, both.subarray(500, 512), 0, both.subarray(0, from), both.subarray(450, 450 + to)],
    ];
    for (const args of overlapping)
      expect(await refusalOf(methodOf(name), args)).toMatchObject({ message: 'the arrays overlap in memory' });
  });

  it('names what is wrong', async () => {
    const [key, nonce] = [new Uint8Array(32), new Uint8Array(12)];
    const [plaintext, sealed] = [new Uint8Array(100), new Uint8Array(116)];
    const seal = methodOf('seal');
    const messageOf = async (...args: readonly unknown[]) => ((await refusalOf(seal, args)) as Error).message;
    expect(await messageOf(nonce, nonce, 0, plaintext, sealed)).toBe('key has 12 bytes instead of 32');
    expect(await messageOf(key, key, 0, plaintext, sealed)).toBe('nonce has 32 bytes instead of 12');
    expect(await messageOf(key, nonce, 2 ** 38, plaintext, sealed)).toMatch(
      /^first: a blob has places 0 to 274877906943/,
    );
    expect(await messageOf(key, nonce, 0, plaintext, nonce.slice())).toContain('100 bytes of plaintext and 12 sealed');
  });

  it('is loaded by several worker threads, which may end while their runs are at work', async () => {
    const program = `
      const { workerData, parentPort } = require('node:worker_threads');
      const binding = require(workerData);
      for (let i = 0; i < 40; i++)
        binding.sealAside(new Uint8Array(32), new Uint8Array(12), 64 * i, new Uint8Array(2 ** 20), new Uint8Array(2 ** 20 + 1024));
      parentPort.postMessage('at work');
    `;
    const workerData = fileURLToPath(new URL('../native/coffer-envelope.node', import.meta.url));
    for (let round = 0; round < 3; round++) {
      const workers = Array.from({ length: 4 }, () => new Worker(program, { eval: true, workerData }));
      await Promise.all(workers.map((worker) => once(worker, 'message')));
      expect(await Promise.all(workers.map((worker) => worker.terminate()))).toHaveLength(4);
    }
    const sealed = new Uint8Array(16);
    binding!.seal(new Uint8Array(32), new Uint8Array(12), 0, new Uint8Array(0), sealed);
    expect(Buffer.from(sealed).toString('hex')).toBe('530f8afbc74536b9a963b4f1c4cb738b');
  });

  it('holds what another thread works on while the rest is collected', async () => {
    const engine = nativeEngine();
    const worker = ('engine' in engine ? engine.engine : typescriptEngine).chunksOf(
      new Uint8Array(32),
      new Uint8Array(12),
    );
    const sealed = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const to = new Uint8Array(20_000 + 32);
        await worker.sealAside!(2 * i, new Uint8Array(20_000).fill(i), to);
        return to;
      }),
    );
    for (const [i, one] of sealed.entries()) {
      const opened = new Uint8Array(20_000);
      worker.open(2 * i, one, opened);
      expect(opened.every((byte) => byte === i)).toBe(true);
    }
    worker.discard();
  });
});

/** What a call throws, or its promise is rejected with. */
async function refusalOf(call: Call, args: readonly unknown[]): Promise<unknown> {
  try {
    await call(...args);
    return undefined;
  } catch (error) {
    return error ?? 'nothing';
  }
}

function transferred(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}
