import { createHash } from 'node:crypto';
import { collect, rechunk, SecretString, streamOf, type ByteStream } from '@coffer/bytes';
import { decodeAwsChunked, encodeAwsChunked, signRequest } from '@coffer/sigv4';
import type { Contestant } from '../measure.ts';
import { signer } from './signed-requests.ts';

const pieceSize = 65_536;
const trailer = 'x-amz-checksum-crc32';

type Name = 'signed chunks' | 'unsigned chunks' | 'SHA-256';

/** Decoding a body of each kind, and the digest of the data alone. */
export async function chunkedBodies(size: number): Promise<Readonly<Record<Name, Contestant>>> {
  const data = await piecesOf(streamOf(new Uint8Array(size)));
  const trailers = () => [[trailer, 'AAAAAA=='] as const];
  const signed = await piecesOf(encodeAwsChunked(streamOf(...data), { signatures: newChain() }));
  const unsigned = await piecesOf(encodeAwsChunked(streamOf(...data), { signatures: undefined, trailers }));
  const announced = { decodedLength: size, trailers: [] };
  return {
    'signed chunks': () => lengthOf(decodeAwsChunked(streamOf(...signed), { ...announced, signatures: newChain() })),
    'unsigned chunks': () =>
      lengthOf(decodeAwsChunked(streamOf(...unsigned), { ...announced, trailers: [trailer], signatures: undefined })),
    'SHA-256': async () => {
      const hash = createHash('sha256');
      for await (const piece of streamOf(...data)) hash.update(piece);
      hash.digest();
      return size;
    },
  };
}

/** The same chain every time, as the time of the signature is the same. */
function newChain() {
  const request = { method: 'PUT', target: '/my-bucket/key', headers: [['Host', 'localhost'] as const] };
  const payload = { kind: 'aws-chunked', signed: true, trailer: false } as const;
  const secret = SecretString.of('K001ExampleExampleExampleExampl');
  return signRequest(request, { ...signer, secret, payload, now: 0 }).signatures;
}

/** As they would come from a socket: cut without regard to chunks. */
async function piecesOf(stream: ByteStream): Promise<Uint8Array[]> {
  const body = await collect(stream, Number.MAX_SAFE_INTEGER);
  const pieces: Uint8Array[] = [];
  for await (const piece of rechunk(streamOf(body), pieceSize)) pieces.push(piece);
  return pieces;
}

async function lengthOf(stream: ByteStream): Promise<number> {
  let length = 0;
  for await (const piece of stream) length += piece.length;
  return length;
}
