import { availableParallelism } from 'node:os';
import { typescriptEngine, type ChunkEngine } from '@coffer/envelope-crypto';
import { nativeEngine } from '@coffer/envelope-native';
import type { DigestEngine } from '@coffer/storage-core';
import type { ServerConfig } from '../config/server-config.ts';
import { StartupError } from '../startup-error.ts';

/**
 * The engine that a configuration asks for.
 *
 * @throws StartupError `config` if it asks for native code that is not there.
 */
export function chooseEngine({ engine }: Pick<ServerConfig, 'engine'>): ChunkEngine {
  if (engine === 'typescript') return typescriptEngine;
  const found = nativeEngine();
  if ('engine' in found) return found.engine;
  if (engine === 'auto') return typescriptEngine;
  throw new StartupError('config', `${found.missing}. Choose --engine auto, which does without it.`);
}

/** Threads of the system's pool that digests may have: it has four, and every access to a file needs one. */
const mostAside = 2;

/**
 * What digests on other threads, as many pieces at once as there are cores that none of the workers is on; undefined
 * where no core is left, or where there is no native code, or it is not wanted.
 */
export function chooseDigestEngine(
  { engine, workers }: Pick<ServerConfig, 'engine' | 'workers'>,
  cores = availableParallelism(),
): DigestEngine | undefined {
  const found = engine === 'typescript' ? undefined : nativeEngine();
  const aside = Math.min(Math.floor(cores / workers) - 1, mostAside);
  return found !== undefined && 'digestsOf' in found && aside > 0
    ? { digestsOf: (wanted) => found.digestsOf(wanted), aside }
    : undefined;
}
