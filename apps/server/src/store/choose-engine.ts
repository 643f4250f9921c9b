import { typescriptEngine, type ChunkEngine } from '@coffer/envelope-crypto';
import { nativeEngine } from '@coffer/envelope-native';
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
