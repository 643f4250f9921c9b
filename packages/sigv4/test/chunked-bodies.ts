import { SecretBytes, collect, streamOf, type ByteStream } from '@coffer/bytes';
import { decodeAwsChunked } from '../src/chunked/decode-aws-chunked.ts';
import { encodeAwsChunked } from '../src/chunked/encode-aws-chunked.ts';
import type { HeaderPair } from '../src/request/header-lines.ts';
import { ChunkSignatures } from '../src/signature/chunk-signatures.ts';

export const variants = {
  'unsigned with a trailer': { signed: false, trailer: true },
  signed: { signed: true, trailer: false },
  'signed with a trailer': { signed: true, trailer: true },
} as const;

export type Variant = (typeof variants)[keyof typeof variants];

const checksums: readonly HeaderPair[] = [['x-amz-checksum-crc32', 'NhCmhg==']];

/** The beginning of a chain, the same for whoever signs and whoever verifies. */
export function newChain(): ChunkSignatures {
  const scope = { date: '20260102', region: 'us-west-004' };
  return new ChunkSignatures(SecretBytes.copyOf(new Uint8Array(32).fill(7)), {
    ...{ timestamp: '20260102T030405Z', scope, seed: 'a'.repeat(64) },
  });
}

/** The body of a variant, in one array. */
export function encodedBody(data: Uint8Array, { signed, trailer }: Variant, chunkSize = 65_536): Promise<Uint8Array> {
  const signatures = signed ? newChain() : undefined;
  const options = { signatures, chunkSize, ...(trailer && { trailers: () => checksums }) };
  return collect(encodeAwsChunked(streamOf(data), options), Number.MAX_SAFE_INTEGER);
}

export function decoderFor(body: ByteStream, { signed, trailer }: Variant, decodedLength: number) {
  return decodeAwsChunked(body, {
    decodedLength,
    trailers: trailer ? checksums.map(([name]) => name) : [],
    signatures: signed ? newChain() : undefined,
  });
}

/** All data of a body, which comes in the pieces given. */
export async function decoded(pieces: readonly Uint8Array[], variant: Variant, decodedLength: number) {
  const decoder = decoderFor(streamOf(...pieces), variant, decodedLength);
  const data = await collect(decoder, Number.MAX_SAFE_INTEGER);
  return { data, trailers: decoder.trailers };
}

/** An array cut at the places given, which are taken modulo its length. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}
