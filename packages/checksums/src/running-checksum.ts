import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCRC32, createCRC64, type IHasher } from 'hash-wasm';
import { polynomials, type ChecksumAlgorithm } from './algorithms.ts';

/** A checksum of data that comes in pieces. */
export interface RunningChecksum {
  /** Takes the next piece; keeps nothing of it. */
  update(piece: Uint8Array): void;
  /** The checksum of all pieces, big-endian. To be called once; nothing can be added afterwards. */
  digest(): Uint8Array;
}

/**
 * Begins a checksum. Resolves in the same turn of the event loop for CRC32, SHA-1 and SHA-256, which Node computes, and
 * after a short while for the others, which WebAssembly computes.
 *
 * @example
 * ```ts
 * const checksum = await createChecksum('CRC32C');
 * checksum.update(new TextEncoder().encode('12345'));
 * checksum.update(new TextEncoder().encode('6789'));
 * assert.equal(Buffer.from(checksum.digest()).toString('hex'), 'e3069283');
 * ```
 */
export async function createChecksum(algorithm: ChecksumAlgorithm): Promise<RunningChecksum> {
  switch (algorithm) {
    case 'CRC32':
      return new ZlibCrc32();
    case 'CRC32C':
      return new WasmCrc(await createCRC32(Number(polynomials.CRC32C)));
    case 'CRC64NVME':
      return new WasmCrc(await createCRC64(polynomials.CRC64NVME.toString(16)));
    case 'SHA1':
      return new NodeHash(createHash('sha1'));
    case 'SHA256':
      return new NodeHash(createHash('sha256'));
  }
}

class ZlibCrc32 implements RunningChecksum {
  #value = 0;

  update(piece: Uint8Array): void {
    this.#value = crc32(piece, this.#value);
  }

  digest(): Uint8Array {
    const result = new Uint8Array(4);
    new DataView(result.buffer).setUint32(0, this.#value);
    return result;
  }
}

class WasmCrc implements RunningChecksum {
  readonly #hasher: IHasher;

  constructor(hasher: IHasher) {
    this.#hasher = hasher.init();
  }

  update(piece: Uint8Array): void {
    this.#hasher.update(piece);
  }

  digest(): Uint8Array {
    return this.#hasher.digest('binary');
  }
}

class NodeHash implements RunningChecksum {
  readonly #hash: Hash;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  update(piece: Uint8Array): void {
    this.#hash.update(piece);
  }

  digest(): Uint8Array {
    return Uint8Array.from(this.#hash.digest());
  }
}
