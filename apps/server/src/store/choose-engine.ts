import { availableParallelism, loadavg } from 'node:os';
import { typescriptEngine, type ChunkEngine } from '@coffer/envelope-crypto';
import { nativeEngine, type FoundEngine, type MissingReason } from '@coffer/envelope-native';
import type { DigestEngine } from '@coffer/storage-core';
import type { ServerConfig } from '../config/server-config.ts';
import { StartupError } from '../startup-error.ts';

type Asked = Pick<ServerConfig, 'engine'>;

/** Whether native code is at work and, where it is not, why: nobody asked for it, or what is wrong with it. */
export type NativeUse = 'used' | 'not_asked' | MissingReason;

/**
 * The engine that a configuration asks for.
 *
 * @throws StartupError `config` if it asks for native code that is not there.
 */
export function chooseEngine({ engine }: Asked, find: () => FoundEngine = nativeEngine): ChunkEngine {
  if (engine === 'typescript') return typescriptEngine;
  const found = find();
  if ('engine' in found) return found.engine;
  if (engine === 'auto') return typescriptEngine;
  throw new StartupError('config', `${found.missing}. Choose --engine auto, which does without it.`);
}

/** Whether the engine that a configuration asks for is native code. */
export function nativeUse({ engine }: Asked, find: () => FoundEngine = nativeEngine): NativeUse {
  if (engine === 'typescript') return 'not_asked';
  const found = find();
  return 'engine' in found ? 'used' : found.reason;
}

/**
 * A warning for the operator where native code is there and cannot be used, so that the server is slower than it could
 * be. Undefined where none was built: most servers do without.
 */
export function engineWarning({ engine }: Asked, find: () => FoundEngine = nativeEngine): string | undefined {
  if (engine !== 'auto') return undefined;
  const found = find();
  if ('engine' in found || found.reason === 'not_built') return undefined;
  return `${found.missing}. TypeScript does the work instead; --engine typescript does so without this warning.`;
}

/** Threads of the system's pool that digests may have: it has four, and every access to a file needs one. */
const mostAside = 2;

/** What the machine has, and how many threads run or wait for a core or a disk, of all programs. */
const thisMachine = { cores: availableParallelism(), load: keptFor(1_000, () => loadavg()[0] ?? 0) };

/** Asking the system takes a part of the time that a small piece takes. */
function keptFor(milliseconds: number, ask: () => number): () => number {
  let [kept, until] = [0, 0];
  return () => {
    const now = performance.now();
    if (now >= until) [kept, until] = [ask(), now + milliseconds];
    return kept;
  };
}

/**
 * What digests on other threads, as many pieces at once as there are cores that none of the workers is on. None while
 * the load says that no core is idle: a digest would wait for one then, and the stream for the digest.
 * Undefined where no core is left, or where there is no native code, or it is not wanted.
 */
export function chooseDigestEngine(
  { engine, workers }: Pick<ServerConfig, 'engine' | 'workers'>,
  { cores, load } = thisMachine,
): DigestEngine | undefined {
  const found = engine === 'typescript' ? undefined : nativeEngine();
  const most = Math.min(Math.floor(cores / workers) - 1, mostAside);
  if (found === undefined || !('digestsOf' in found) || most <= 0) return undefined;
  return {
    digestsOf: (wanted) => found.digestsOf(wanted),
    // With one connection a server comes to a load of little more than one; where every core has something to do,
    // digests on other threads only cost (docs/benchmarks.md).
    get aside() {
      return load() > cores - 0.5 ? 0 : most;
    },
  };
}
