import fc from 'fast-check';

/** What a case is made of is plain JSON, so that the process that runs it can be another one, and a finding be kept. */
export type NativeCase = HostileCase | CompareCase;

/** Calls that are begun one after the other without waiting; in the end all of them are waited for. */
export interface HostileCase {
  readonly memories: readonly Memory[];
  readonly steps: readonly Step[];
}

/** A run of chunks, and a stream to be digested, that both engines have to do alike. */
export interface CompareCase {
  readonly compare: {
    readonly first: number;
    readonly length: number;
    readonly seed: number;
    readonly emptyLast: boolean;
    readonly cuts: readonly number[];
    readonly damage: readonly number[];
  };
}

export interface Memory {
  readonly kind: (typeof memoryKinds)[number];
  readonly length: number;
}

export type Step =
  | { readonly do: 'call'; readonly of: (typeof layers)[number]; readonly name: string; readonly args: readonly Arg[] }
  | { readonly do: 'transfer'; readonly memory: number }
  | { readonly do: 'resize'; readonly memory: number; readonly length: number };

/** A number is a text, since JSON has neither infinities nor NaN. */
export type Arg =
  | {
      readonly view: (typeof viewKinds)[number];
      readonly memory: number;
      readonly start: number;
      readonly length: number;
    }
  | { readonly number: string }
  | { readonly odd: string };

const memoryKinds = ['plain', 'shared', 'resizable', 'growable'] as const;
const viewKinds = ['Uint8Array', 'tracking', 'Buffer', 'Uint8ClampedArray', 'Float64Array', 'DataView'] as const;
/** The library itself, and the TypeScript half in front of it. */
const layers = ['library', 'engine'] as const;
export const calls = ['seal', 'open', 'sealAside', 'openAside'] as const;
const digestCalls = ['update', 'updateAside', 'finish', 'new'] as const;
/** Values by their names; the process that runs a case makes them. */
const oddNames = [
  ...['undefined', 'null', 'true', 'text', 'bigint', 'symbol', 'object', 'array', 'function', 'proxy', 'promise'],
  ...['array-like', 'thrower', 'array-buffer', 'other-length'],
] as const;

const mostBytes = 80_000;
const length = fc.oneof(
  fc.constantFrom(0, 1, 12, 15, 16, 17, 32, 16_383, 16_384, 16_385, 16_400, 16_401, 32_768, 32_800, mostBytes),
  fc.nat(mostBytes),
);
const memory: fc.Arbitrary<Memory> = fc.record({
  kind: fc.oneof({ arbitrary: fc.constant('plain' as const), weight: 3 }, fc.constantFrom(...memoryKinds)),
  length: fc.oneof({ arbitrary: fc.constant(mostBytes), weight: 3 }, length),
});

/** The last memory has key and base nonce. */
const memories = 3;
const keys = memories;
const somewhere = fc.nat(memories);

const view = fc.record({
  view: fc.oneof({ arbitrary: fc.constant('Uint8Array' as const), weight: 5 }, fc.constantFrom(...viewKinds)),
  memory: somewhere,
  start: fc.oneof(fc.constant(0), length),
  length,
});
const odd = fc.record({ odd: fc.constantFrom(...oddNames) });
const place = fc.oneof(
  { arbitrary: fc.nat(1_000).map(String), weight: 4 },
  fc.constantFrom('-1', '-0', '0.5', 'NaN', 'Infinity', '-Infinity', '1e308', '5e-324', '4294967295', '4294967296'),
  fc.constantFrom(...[-9, -2, -1, 0, 1].map((more) => String(2 ** 38 + more)), String(2 ** 53), String(2 ** 63)),
  fc.double().map(String),
);
const number = fc.record({ number: place });
const anything: fc.Arbitrary<Arg> = fc.oneof({ arbitrary: view, weight: 4 }, odd, number);
const mostly = (usual: fc.Arbitrary<Arg>): fc.Arbitrary<Arg> => fc.oneof({ arbitrary: usual, weight: 8 }, anything);
const bytes = (at: number, start: number, size: number): Arg => ({
  view: 'Uint8Array',
  memory: at,
  start,
  length: size,
});

/** A run and the room for it, often in the same memory, where they overlap or nearly do. */
const run = fc
  .record({ size: length, from: fc.nat(memories - 1), to: fc.nat(memories - 1), start: fc.nat(200), gap: fc.nat(200) })
  .map(({ size, from, to, start, gap }) => {
    const room = size + 16 * Math.max(1, Math.ceil(size / 16_384));
    return [
      bytes(from, start, size),
      bytes(to, from === to ? Math.max(0, start + size + gap - 20) : gap, room),
    ] as const;
  });

const call: fc.Arbitrary<Step> = fc
  .tuple(
    fc.constantFrom(...layers),
    fc.constantFrom(...calls),
    mostly(fc.constant(bytes(keys, 0, 32))),
    mostly(fc.constant(bytes(keys, 32, 12))),
    fc.oneof({ arbitrary: number, weight: 8 }, anything),
    fc.oneof({ arbitrary: run, weight: 3 }, fc.tuple(anything, anything)),
    fc.boolean(),
    fc.array(anything, { maxLength: 1 }),
    fc.oneof({ arbitrary: fc.constant(6), weight: 9 }, fc.nat(5)),
  )
  .map(([of, name, key, nonce, first, [one, other], turned, more, most]): Step => {
    const pair = name.startsWith('open') !== turned ? [other, one] : [one, other];
    return { do: 'call', of, name, args: [key, nonce, first, ...pair, ...more].slice(0, most) };
  });
const digest: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...layers), fc.constantFrom(...digestCalls), fc.array(anything, { maxLength: 3 }))
  .map(([of, name, args]): Step => ({ do: 'call', of, name, args }));
const change: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('transfer' as const), memory: somewhere }),
  fc.record({ do: fc.constant('resize' as const), memory: somewhere, length }),
);

const hostile: fc.Arbitrary<HostileCase> = fc.record({
  memories: fc
    .tuple(fc.array(memory, { minLength: memories, maxLength: memories }), memory)
    .map(([all, last]) => [...all, { ...last, length: Math.max(64, last.length % 1_000) }]),
  steps: fc.array(
    fc.oneof({ arbitrary: call, weight: 6 }, { arbitrary: digest, weight: 2 }, { arbitrary: change, weight: 2 }),
    { minLength: 1, maxLength: 8 },
  ),
});

const compare: fc.Arbitrary<CompareCase> = fc.record({
  compare: fc.record({
    first: fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 38 - 8 })),
    length: fc.oneof(fc.nat(4 * 16_384), fc.constantFrom(0, 16_384, 16_385, 32_768, 49_152)),
    seed: fc.nat(),
    emptyLast: fc.boolean(),
    cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    damage: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 3 }),
  }),
});

export const nativeCase: fc.Arbitrary<NativeCase> = fc.oneof(
  { arbitrary: hostile, weight: 6 },
  { arbitrary: compare, weight: 1 },
);
