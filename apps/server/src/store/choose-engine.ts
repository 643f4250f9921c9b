import { typescriptEngine, type ChunkEngine } from '@coffer/envelope-crypto';
import { nativeEngine, type FoundEngine, type MissingReason } from '@coffer/envelope-native';
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
