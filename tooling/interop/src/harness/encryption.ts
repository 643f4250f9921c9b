import { randomBytes } from 'node:crypto';
import { isNewest } from './tools.ts';

/** How a client asks for a file to be encrypted. */
export interface Encryption {
  readonly label: string;
  readonly mode: 'none' | 'SSE-B2' | 'SSE-C';
  /** The 32 bytes of an SSE-C key. */
  readonly key?: Buffer;
}

/** The two keys belong to the scenario that asked for them. */
export interface Encryptions {
  readonly none: Encryption;
  readonly sseB2: Encryption;
  readonly sseC1: Encryption;
  readonly sseC2: Encryption;
}

/** Every mode, with fresh customer keys. */
export function freshEncryptions(): Encryptions {
  return {
    none: { label: 'none', mode: 'none' },
    sseB2: { label: 'SSE-B2', mode: 'SSE-B2' },
    sseC1: { label: 'SSE-C key 1', mode: 'SSE-C', key: randomBytes(32) },
    sseC2: { label: 'SSE-C key 2', mode: 'SSE-C', key: randomBytes(32) },
  };
}

/** Arguments and variables that make the b2 tool use an encryption. */
export interface CliEncryption {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * For what the b2 tool writes: `--destination-server-side-encryption`, with the key in `B2_DESTINATION_SSE_C_KEY_B64`.
 */
export function writingWith({ mode, key }: Encryption, keyId?: string): CliEncryption {
  if (mode === 'none') return { args: [], env: {} };
  const env: Record<string, string> = {};
  if (key !== undefined) env['B2_DESTINATION_SSE_C_KEY_B64'] = key.toString('base64');
  if (keyId !== undefined) env['B2_DESTINATION_SSE_C_KEY_ID'] = keyId;
  return { args: ['--destination-server-side-encryption', mode], env };
}

/** For what the b2 tool reads. SSE-B2 needs nothing. */
export function readingWith({ key }: Encryption): CliEncryption {
  if (key === undefined) return { args: [], env: {} };
  return {
    args: ['--source-server-side-encryption', 'SSE-C'],
    env: { B2_SOURCE_SSE_C_KEY_B64: key.toString('base64') },
  };
}

/** How a file is stored for which this was asked: a server that encrypts by default does so where nothing was. */
export function storedMode({ mode }: Encryption): Encryption['mode'] {
  return mode === 'none' && isNewest ? 'SSE-B2' : mode;
}

/** What B2 says about a file's encryption in JSON, apart from an echoed `customerKeyMd5`. */
export function encryptionView(asked: Encryption): { mode: string | null; algorithm: string | null } {
  const mode = storedMode(asked);
  return mode === 'none' ? { mode: null, algorithm: null } : { mode, algorithm: 'AES256' };
}
