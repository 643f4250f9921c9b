import { SecretBytes } from '@coffer/bytes';
import { ChecksumMaskMaker } from './checksum-mask-maker.ts';
import type { ChecksumMasks } from './checksum-masks.ts';
import type { KeyEngine } from './key-engine.ts';
import type { MacPurpose } from './key-provider.ts';
import { ascii } from './labelled-context.ts';
import { typescriptKeys } from './typescript-keys.ts';

const keyLength = 32;
const checksumPurpose = 'coffer/checksum/v1';

/**
 * The checksum that {@link KeyProvider.mac} promises, for providers that have the key's bytes at hand: HMAC-SHA-256
 * keyed with HKDF-Expand-SHA512(`globalKey`, `purpose`, 32 bytes). 32 bytes. `docs/format.md`, "Checksums with a global
 * key".
 */
export function purposeMac(globalKey: SecretBytes, purpose: MacPurpose, message: Uint8Array): Uint8Array {
  const key = derivePurposeKey(typescriptKeys, globalKey, purpose);
  try {
    return macUnder(typescriptKeys, key, message);
  } finally {
    key.wipe();
  }
}

/**
 * {@link purposeMac} over and over with one global key: each purpose's key is derived once and kept as long as that is.
 */
export class PurposeMacs implements ChecksumMasks {
  readonly #globalKey: SecretBytes;
  readonly #engine: KeyEngine;
  readonly #keys = new Map<MacPurpose | typeof checksumPurpose, SecretBytes>();
  #masks: ChecksumMaskMaker | undefined;

  /** `globalKey` stays the caller's to wipe. */
  constructor(globalKey: SecretBytes, engine: KeyEngine = typescriptKeys) {
    this.#globalKey = globalKey;
    this.#engine = engine;
  }

  /** @throws SecretError `secret_wiped` once the global key was wiped. */
  mac(purpose: MacPurpose, message: Uint8Array): Uint8Array {
    return macUnder(this.#engine, this.#keyFor(purpose), message);
  }

  /** @throws SecretError `secret_wiped` once the global key was wiped. */
  maskOf(blobId: string): Uint8Array {
    if (this.#globalKey.wiped) this.wipe();
    this.#masks ??= new ChecksumMaskMaker(this.#keyFor(checksumPurpose));
    return this.#masks.maskOf(blobId);
  }

  /** Zeroes the derived keys. */
  wipe(): void {
    for (const key of this.#keys.values()) key.wipe();
    this.#keys.clear();
    this.#masks?.wipe();
    this.#masks = undefined;
  }

  #keyFor(purpose: MacPurpose | typeof checksumPurpose): SecretBytes {
    if (this.#globalKey.wiped) this.wipe();
    const known = this.#keys.get(purpose);
    if (known !== undefined) return known;
    const derived = derivePurposeKey(this.#engine, this.#globalKey, purpose);
    this.#keys.set(purpose, derived);
    return derived;
  }
}

function derivePurposeKey(
  engine: KeyEngine,
  globalKey: SecretBytes,
  purpose: MacPurpose | typeof checksumPurpose,
): SecretBytes {
  return SecretBytes.made(keyLength, (derived) => {
    globalKey.expose((bytes) => {
      engine.expand(bytes, ascii(purpose), derived);
    });
  });
}

function macUnder(engine: KeyEngine, key: SecretBytes, message: Uint8Array): Uint8Array {
  return key.expose((bytes) => engine.mac(bytes, message));
}
