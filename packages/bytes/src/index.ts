export { SecretBytes } from './secret-bytes.ts';
export { SecretString } from './secret-string.ts';
export { SecretError, type SecretErrorCode } from './secret-error.ts';
export { publicRandomBytes } from './public-random.ts';
export { constantTimeEqual } from './constant-time.ts';
export {
  ByteStreamError,
  collect,
  concatBytes,
  streamOf,
  type ByteStream,
  type SizedStream,
  type UnsizedStream,
} from './byte-stream.ts';
export { concatStreams, type StreamPart } from './concat-streams.ts';
export { followStream, type StreamEnd, type StreamFollower } from './followed-stream.ts';
export { canFill, type FillingIterator } from './filling.ts';
export { PieceRest } from './piece-rest.ts';
export { BufferPool, pieceBuffers } from './buffer-pool.ts';
export { abortable, exactLength, limitLength, rechunk, sliceStream, tap, type ByteSink } from './stages.ts';
export { stage } from './stage.ts';
export { coverPieces, pieceEnds, type ByteRange, type CoveredPiece } from './byte-range.ts';
export { fromWebStream, toWebStream } from './web-streams.ts';
export { decodeBase64, decodeHex, encodeBase64, encodeHex } from './text-codecs.ts';
export { parseStrictJson, type StrictJsonProblem, type StrictJsonResult } from './strict-json.ts';
