import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomBytes,
  type CipherGCM,
  type DecipherGCM,
} from 'node:crypto';
import { SecretBytes, collect, streamOf, type ByteStream } from '@coffer/bytes';
import { ciphertextLength, commitmentIn, openBlob, openBlobRange, sealBlob } from '@coffer/envelope-crypto';
import type { Contestant } from '../measure.ts';

const algorithm = 'aes-256-gcm';
const options = { authTagLength: 16 };
const chunkLength = 16_384;
const tagLength = 16;
/** Bytes that node:http passes on at a time. */
const pieceLength = 65_536;

export const contestantNames = [
  'bare seal',
  'seal',
  'long seal',
  'bare open',
  'open',
  'open range',
  'long open',
] as const;
export type ContestantName = (typeof contestantNames)[number];

/** The engine and what it is measured against, each over `size` bytes of plaintext, a multiple of 64 KiB. */
export async function createWorkload(size: number): Promise<Record<ContestantName, Contestant>> {
  const plaintext = randomBytes(size);
  const fileKey = SecretBytes.random(32);
  const context = { fileId: 'benchmark', partNumber: 0 };
  const blob = await collect(sealBlob(streamOf(plaintext), fileKey, context), ciphertextLength(size));
  const source = {
    length: blob.length,
    read: ({ start, length }: { readonly start: number; readonly length: number }) =>
      piecesOf(blob.subarray(start, start + length)),
  };
  const expected = { plaintextLength: size, commitment: commitmentIn(blob) };
  return {
    seal: () => drain(sealBlob(piecesOf(plaintext), fileKey, context)),
    open: () => drain(openBlob(piecesOf(blob), fileKey, context)),
    'open range': () => drain(openBlobRange(source, fileKey, context, expected, { start: 0, length: size })),
    ...bareChunks(plaintext),
    ...longStream(plaintext),
  };
}

/** The least that chunks can cost: one cipher for each and nothing else; the result is thrown away. */
function bareChunks(plaintext: Uint8Array): Record<'bare seal' | 'bare open', Contestant> {
  const key = createSecretKey(randomBytes(32));
  const nonceOf = (index: number) => {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setUint32(8, index);
    return nonce;
  };
  const seal = (index: number) => {
    const cipher = createCipheriv(algorithm, key, nonceOf(index), options);
    const ciphertext = cipher.update(plaintext.subarray(index * chunkLength, (index + 1) * chunkLength));
    cipher.final();
    return [ciphertext, cipher.getAuthTag()] as const;
  };
  const chunks = plaintext.length / chunkLength;
  const sealed = Buffer.concat(Array.from({ length: chunks }, (_, index) => Buffer.concat(seal(index))));
  const open = (index: number) => {
    const start = index * (chunkLength + tagLength);
    const decipher = createDecipheriv(algorithm, key, nonceOf(index), options);
    decipher.setAuthTag(sealed.subarray(start + chunkLength, start + chunkLength + tagLength));
    const chunk = decipher.update(sealed.subarray(start, start + chunkLength));
    decipher.final();
    return chunk;
  };
  return {
    'bare seal': () => {
      for (let index = 0; index < chunks; index++) seal(index);
      return plaintext.length;
    },
    'bare open': () => {
      for (let index = 0; index < chunks; index++) open(index);
      return plaintext.length;
    },
  };
}

/** One cipher for everything: it allows no random access, and nothing is authenticated before the end. */
function longStream(plaintext: Uint8Array): Record<'long seal' | 'long open', Contestant> {
  const key = createSecretKey(randomBytes(32));
  const nonce = randomBytes(12);
  const sealing = createCipheriv(algorithm, key, nonce, options);
  const sealed = Buffer.concat([sealing.update(plaintext), sealing.final()]);
  const tag = sealing.getAuthTag();
  return {
    'long seal': () => updateAll(createCipheriv(algorithm, key, nonce, options), plaintext),
    'long open': () => updateAll(createDecipheriv(algorithm, key, nonce, options).setAuthTag(tag), sealed),
  };
}

function updateAll(cipher: CipherGCM | DecipherGCM, bytes: Uint8Array): number {
  for (let start = 0; start < bytes.length; start += pieceLength)
    cipher.update(bytes.subarray(start, start + pieceLength));
  cipher.final();
  return bytes.length;
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable without anything to wait for
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < bytes.length; start += pieceLength) yield bytes.subarray(start, start + pieceLength);
}

async function drain(stream: ByteStream): Promise<number> {
  let length = 0;
  for await (const piece of stream) length += piece.length;
  return length;
}
