// A process of its own, which may crash: runs the cases of a file one after the other. The number of the case at hand
// stands in another file, for whoever finds the process dead. Prints a `CasesReport` in the end.
import { createHash } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compareEngines } from '@coffer/envelope-crypto/contract';
import { typescriptEngine } from '@coffer/envelope-crypto';
import { nativeEngine, type NativeEngine } from '@coffer/envelope-native';
import { performHostile, type Library } from './perform-hostile.ts';
import type { CompareCase, NativeCase } from './native-case.ts';

/** What came of the cases. */
export interface CasesReport {
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly index: number; readonly what: string }[];
}

const [libraryPath = '', casesPath = '', indexPath = ''] = process.argv.slice(2);
const library = createRequire(import.meta.url)(libraryPath) as Library;
const native = nativeEngine();
if (!('engine' in native)) throw new Error(native.missing);
const cases = JSON.parse(readFileSync(casesPath, 'utf8')) as readonly NativeCase[];
const indexFile = openSync(indexPath, 'w');
const counts: Record<string, number> = {};
const failures: { index: number; what: string }[] = [];
const count = (outcome: string): void => void (counts[outcome] = (counts[outcome] ?? 0) + 1);

for (const [index, one] of cases.entries()) {
  writeSync(indexFile, String(index).padEnd(10), 0);
  try {
    if ('compare' in one) {
      await compareBoth(one, native);
      count('same');
    } else for (const outcome of await performHostile(one, library, native)) count(outcome);
  } catch (error) {
    failures.push({ index, what: error instanceof Error ? (error.stack ?? error.message) : `threw ${typeof error}` });
  }
}
// What is no longer used is looked at once more, and damaged memory makes itself felt.
globalThis.gc?.();
console.log(JSON.stringify({ counts, failures } satisfies CasesReport));

/** @throws AssertionError where native code does something else than the TypeScript engine and node:crypto. */
async function compareBoth({ compare }: CompareCase, native: NativeEngine): Promise<void> {
  const { seed, length, ...run } = compare;
  const made = (size: number, salt: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, i) => ((i * 31 + seed) ^ (i >>> 8) ^ salt) & 0xff);
  const plaintext = made(length, 0);
  await compareEngines(typescriptEngine, native.engine, { ...run, key: made(32, 1), nonce: made(12, 2), plaintext });
  const digests = native.digestsOf({ sha1: true, md5: true });
  for (let at = 0, i = 0; at < length; i++) {
    const piece = plaintext.subarray(at, (at += (run.cuts[i % run.cuts.length] ?? 1) * 1_000));
    if (i % 2 === 0) digests.update(piece);
    else await digests.updateAside(piece);
  }
  const found = digests.finish();
  for (const name of ['sha1', 'md5'] as const) {
    const expected = createHash(name).update(plaintext).digest('hex');
    if (Buffer.from(found[name] ?? []).toString('hex') !== expected) throw new Error(`another ${name}`);
  }
}
