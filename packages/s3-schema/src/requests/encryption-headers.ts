import type { HeaderList } from '@coffer/http';
import {
  parseS3CopySourceHeaders,
  parseS3ReadHeaders,
  parseS3WriteHeaders,
  s3CopySourceSseHeaders,
  s3SseHeaders,
  wipingRefusedKeys,
  type EncryptionRequest,
  type SseResult,
} from '@coffer/sse-schema';
import { invalidArgument } from '../values/s3-error.ts';
import { encryptionError } from './encryption-errors.ts';
import type { QueryParameters } from './query-parameters.ts';

/**
 * Which encryption headers an operation reads (AWS docs, page of each): those of an object or part that is written, of
 * one that is written from another one, of one that is read, or none, in which case they are ignored.
 */
export type EncryptionUse = 'write' | 'copy' | 'read' | 'none';

/** What the headers ask for; may hold keys, which whoever gets them wipes. */
export interface RequestedEncryption {
  /** Of what is written, or the key for what is read. */
  readonly target: EncryptionRequest | undefined;
  /** The key of a copy's source. */
  readonly source: EncryptionRequest | undefined;
}

const customerHeaders = [s3SseHeaders.algorithm, s3SseHeaders.key, s3SseHeaders.md5];
const sourceHeaders = Object.values(s3CopySourceSseHeaders);

/**
 * Reads the encryption headers of a request in the order in which AWS refuses them: a connection that others can read,
 * then the target, then the source of a copy.
 *
 * @param isSecure Whether the connection keeps a customer key secret.
 * @throws S3Error; keys that were read before are wiped.
 */
export function readEncryptionHeaders(use: EncryptionUse, headers: HeaderList, isSecure: boolean): RequestedEncryption {
  if (use === 'none') return { target: undefined, source: undefined };
  const names = use === 'copy' ? [...customerHeaders, ...sourceHeaders] : customerHeaders;
  if (!isSecure && names.some((name) => headers.has(name))) throw encryptionError('insecure_transport');
  const read = wipingRefusedKeys(() => {
    const parse = use === 'read' ? parseS3ReadHeaders : parseS3WriteHeaders;
    const target = acceptedOf(parse(headers.pairs), headers);
    const source = use === 'copy' ? acceptedOf(parseS3CopySourceHeaders(headers.pairs), headers) : undefined;
    return { ok: true, value: { target, source } };
  });
  return read.value;
}

function acceptedOf<T>(result: SseResult<T>, headers: HeaderList): T {
  if (result.ok) return result.value;
  const { code, field } = result.error;
  throw encryptionError(code, { field, value: shownValue(code, field, headers) });
}

/** No name of an encryption or an algorithm is longer. */
const longestShown = 20;

/**
 * The value of the header at fault, where it is an encryption or an algorithm; a long one may be a key that was sent
 * under the wrong name.
 */
function shownValue(code: string, field: string | undefined, headers: HeaderList): string | undefined {
  if (field === undefined || !['conflicting_modes', 'unsupported_mode', 'unsupported_algorithm'].includes(code)) {
    return undefined;
  }
  const value = headers.get(field)?.trim();
  return value === undefined || value.length > longestShown ? undefined : value;
}

/**
 * Refuses a customer key in the query of a request, where logs and browsers' histories keep it.
 *
 * @throws S3Error `InvalidArgument`
 */
export function refuseKeysInQuery(query: QueryParameters): void {
  const keys = new Set([...customerHeaders, ...sourceHeaders].map((name) => name.toLowerCase()));
  const found = query.pairs.find(([name]) => keys.has(name.toLowerCase()))?.[0];
  if (found !== undefined) throw invalidArgument(found, 'A customer key must be sent in headers, not in the query');
}
