import type { NativeEngine } from '@coffer/envelope-native';
import { calls, type Arg, type HostileCase, type Memory, type Step } from './native-case.ts';

type Call = (...args: readonly unknown[]) => unknown;

/** The library as it was built, without anything in front of it. */
export type Library = Readonly<Record<(typeof calls)[number], Call>> & {
  readonly Digests: new (...args: readonly unknown[]) => Readonly<Record<string, Call>>;
};

interface Place {
  readonly library: Library;
  readonly native: NativeEngine;
  readonly buffers: ArrayBufferLike[];
  /** Memory that the library works on, aside, until the case ends. */
  readonly lent: Set<ArrayBufferLike>;
  /** What was transferred is kept, so that it stays where another thread may write it. */
  readonly kept: unknown[];
  digests: { readonly library: Readonly<Record<string, Call>>; readonly engine: Readonly<Record<string, Call>> };
}

/**
 * Performs a case: each call has to answer, or to throw or reject with an Error. Returns what each came to.
 *
 * Resizable memory that the library itself works on aside is not resized meanwhile: its contract leaves that to the
 * TypeScript half, which refuses such memory. Memory that was transferred stays allocated, as its contract demands.
 *
 * @throws Error for a call that throws anything else.
 */
export async function performHostile(
  { memories, steps }: HostileCase,
  library: Library,
  native: NativeEngine,
): Promise<readonly string[]> {
  const buffers = memories.map(newMemory);
  const place: Place = { library, native, buffers, lent: new Set(), kept: [], digests: newDigests(library, native) };
  // All arrays are made before anything is transferred or resized: afterwards some could not be made any more.
  const prepared = steps.map((step) => ({
    step,
    args: step.do === 'call' ? step.args.map((arg) => valueOf(arg, buffers)) : [],
  }));
  const outcomes = await Promise.allSettled(prepared.map(({ step, args }) => performed(place, step, args)));
  place.kept.length = 0;
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value === undefined ? [] : [outcome.value];
  });
}

function newDigests(library: Library, native: NativeEngine): Place['digests'] {
  const wanted = { sha1: true, md5: true };
  const engine = native.digestsOf(wanted) as unknown as Readonly<Record<string, Call>>;
  return { library: new library.Digests(true, true), engine };
}

async function performed(place: Place, step: Step, args: readonly unknown[]): Promise<string | undefined> {
  try {
    if (step.do === 'call') await callOf(place, step.of, step.name, args)();
    else change(place, step);
    return step.do === 'call' ? 'answered' : undefined;
  } catch (error) {
    if (step.do !== 'call') return undefined;
    if (!(error instanceof Error)) throw new Error(`${step.of} ${step.name} threw ${typeof error}`, { cause: error });
    return 'refused';
  }
}

function callOf(place: Place, of: 'library' | 'engine', name: string, args: readonly unknown[]): Call {
  const { library, native, digests } = place;
  if (of === 'library') {
    if (name.endsWith('Aside')) for (const arg of args) if (ArrayBuffer.isView(arg)) place.lent.add(arg.buffer);
    if (isChunkCall(name)) return () => library[name](...args);
    if (name === 'new') return () => new library.Digests(...args);
    return () => digests.library[name]?.(...args);
  }
  if (name === 'new') return () => native.digestsOf(args[0] as never);
  if (!isChunkCall(name)) return () => digests.engine[name]?.(...args);
  const [key, nonce, ...rest] = args;
  return async () => {
    const worker = native.engine.chunksOf(key as never, nonce as never);
    try {
      await (worker as unknown as Readonly<Record<string, Call>>)[name]?.(...rest);
    } finally {
      worker.discard();
    }
  };
}

function isChunkCall(name: string): name is (typeof calls)[number] {
  return (calls as readonly string[]).includes(name);
}

function change({ buffers, lent, kept }: Place, step: Exclude<Step, { do: 'call' }>): void {
  const buffer = buffers[step.memory];
  if (buffer === undefined) return;
  if (step.do === 'transfer') {
    if (buffer instanceof ArrayBuffer) kept.push(structuredClone(buffer, { transfer: [buffer] }));
  } else if (!lent.has(buffer)) resizableOf(buffer).resize?.(step.length);
}

/** Of newer JavaScript than the compiler is told of. */
function resizableOf(buffer: ArrayBufferLike): { resize?: (length: number) => void } {
  return buffer as { resize?: (length: number) => void };
}

function newMemory({ kind, length }: Memory): ArrayBufferLike {
  type Newer = new (length: number, options?: { maxByteLength: number }) => ArrayBufferLike;
  const options = { maxByteLength: 2 * length + 1 };
  switch (kind) {
    case 'plain':
      return new ArrayBuffer(length);
    case 'shared':
      return new SharedArrayBuffer(length);
    case 'resizable':
      return new (ArrayBuffer as Newer)(length, options);
    case 'growable':
      return new (SharedArrayBuffer as Newer)(length, options);
  }
}

function valueOf(arg: Arg, buffers: readonly ArrayBufferLike[]): unknown {
  if ('number' in arg) return Number(arg.number);
  if ('odd' in arg) return oddValue(arg.odd);
  const buffer = buffers[arg.memory] ?? new ArrayBuffer(0);
  const start = Math.min(arg.start, buffer.byteLength);
  const length = Math.min(arg.length, buffer.byteLength - start);
  switch (arg.view) {
    case 'Uint8Array':
      return new Uint8Array(buffer, start, length);
    case 'tracking':
      return new Uint8Array(buffer, start);
    case 'Buffer':
      return Buffer.from(buffer as ArrayBuffer, start, length);
    case 'Uint8ClampedArray':
      return new Uint8ClampedArray(buffer, start, length);
    case 'Float64Array':
      return new Float64Array(buffer, start - (start % 8), Math.floor(length / 8));
    case 'DataView':
      return new DataView(buffer, start, length);
  }
}

function oddValue(name: string): unknown {
  const values: Readonly<Record<string, () => unknown>> = {
    undefined: () => undefined,
    null: () => null,
    true: () => true,
    text: () => 'x'.repeat(32),
    bigint: () => 10n,
    symbol: () => Symbol('odd'),
    object: () => ({}),
    array: () => Array.from({ length: 32 }, () => 1),
    function: () => () => 1,
    proxy: () => new Proxy(new Uint8Array(32), {}),
    promise: () => Promise.resolve(new Uint8Array(32)),
    'array-like': () => ({ length: 2 ** 31, byteLength: 2 ** 31, byteOffset: 0, buffer: new ArrayBuffer(32) }),
    'array-buffer': () => new ArrayBuffer(32),
    thrower: () => ({ valueOf: refuse, toString: refuse, [Symbol.toPrimitive]: refuse }),
    'other-length': () => Object.defineProperty(new Uint8Array(32), 'length', { value: 2 ** 31 }),
  };
  return values[name]?.();
}

function refuse(): never {
  throw new Error('a value that cannot be read');
}
