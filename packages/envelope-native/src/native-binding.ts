import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the built library exports. It checks its arguments again; what is wrong is an error of its own words. */
export interface NativeBinding {
  interfaceVersion(): number;
  seal(key: Uint8Array, nonce: Uint8Array, first: number, plaintext: Uint8Array, sealed: Uint8Array): void;
  /** The first place that is not authentic, or -1. */
  open(key: Uint8Array, nonce: Uint8Array, first: number, sealed: Uint8Array, plaintext: Uint8Array): number;
  /** `seal` on libuv's pool; key and nonce are copied during the call. */
  sealAside(
    key: Uint8Array,
    nonce: Uint8Array,
    first: number,
    plaintext: Uint8Array,
    sealed: Uint8Array,
  ): Promise<number>;
  /** `open` on libuv's pool; key and nonce are copied during the call. */
  openAside(
    key: Uint8Array,
    nonce: Uint8Array,
    first: number,
    sealed: Uint8Array,
    plaintext: Uint8Array,
  ): Promise<number>;
  /** HKDF-Expand with SHA-512 into all of `okm`. */
  expand(key: Uint8Array, info: Uint8Array, okm: Uint8Array): void;
  /** HMAC-SHA-256 into `tag`. */
  mac(key: Uint8Array, message: Uint8Array, tag: Uint8Array): void;
  /** XAES-256-GCM: nonce, ciphertext and tag into `sealed`. */
  wrap(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, sealed: Uint8Array): void;
  /** Whether it was authentic. */
  unwrap(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): boolean;
  readonly Digests: new (sha1: boolean, md5: boolean) => BoundDigests;
}

/** The digests of one stream; one call at a time, others are refused. */
export interface BoundDigests {
  update(bytes: Uint8Array): void;
  updateAside(bytes: Uint8Array): Promise<void>;
  /** SHA-1 and MD5, as far as they were asked for, one behind the other. */
  finish(): Uint8Array;
}

/** The version of the calls above; a library that was built for another one is not used. */
const interfaceVersion = 2;

/**
 * Why there is no engine: nothing was built for this platform; or a library is there, but cannot be loaded, was built
 * for another version of this package, or does not do what it should.
 */
export type MissingReason = 'not_built' | 'not_loadable' | 'other_version' | 'self_test_failed';

/** What is missing: a sentence for people, and the reason for programs. */
export interface Missing {
  readonly missing: string;
  readonly reason: MissingReason;
}

/** The library, or why there is none. */
export type FoundBinding = { readonly binding: NativeBinding } | Missing;

/** Loads a module by path or package name, as `require` does. */
export type Load = (what: string) => unknown;

/**
 * This package, found by its name: these lines may have become part of a file elsewhere. What depends on this package,
 * and what it depends on itself, is found from there.
 */
const ownPackage = createRequire(import.meta.url).resolve('@coffer/envelope-native/package.json');
const packageName = '@coffer/envelope-native';
/** Where `pnpm build:native` puts what it built. */
const localBuild = join(dirname(ownPackage), 'native/coffer-envelope.node');

/**
 * The library that was built here; without one, that of the optional package for this platform. On Linux there are two
 * such packages, of which a package manager installs the one that fits the C library of the machine; should both be
 * there, the wrong one cannot be loaded.
 */
export function findBinding(
  load: Load = createRequire(ownPackage),
  platform = `${process.platform}-${process.arch}`,
): FoundBinding {
  const names = [platform, ...(platform.startsWith('linux-') ? [`${platform}-musl`] : [])];
  let passedOver: Missing | undefined;
  for (const where of [localBuild, ...names.map((name) => `@coffer/envelope-native-${name}`)]) {
    const found = loaded(load, where);
    if (found === undefined) continue;
    if ('binding' in found) return found;
    passedOver ??= found;
  }
  return passedOver ?? missing('not_built', `no library was built for ${platform}: see the README of ${packageName}`);
}

/** Undefined where there is nothing to load. */
function loaded(load: Load, where: string): FoundBinding | undefined {
  let module: unknown;
  try {
    module = load(where);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'MODULE_NOT_FOUND') return undefined;
    // The system's words are about the file only: a missing C library, another processor.
    const why = error instanceof Error ? firstLine(error.message) : 'no reason';
    return missing('not_loadable', `${where} cannot be loaded (${why})`);
  }
  const binding = module as NativeBinding;
  if (typeof binding.interfaceVersion === 'function' && binding.interfaceVersion() === interfaceVersion)
    return { binding };
  return missing('other_version', `${where} was built for another version of ${packageName}`);
}

/** `why`: the sentence from its middle on. */
export function missing(reason: MissingReason, why: string): Missing {
  return { missing: `The native engine is not available: ${why}`, reason };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
