import type { HeaderList } from '@coffer/http';
import type { XmlElement } from '@coffer/xml';
import type { S3Capability } from '../values/capability.ts';
import type { S3ErrorCode } from '../values/error-codes.ts';
import type { EncryptionUse } from './encryption-headers.ts';
import type { QueryParameters } from './query-parameters.ts';
import type { Reader } from './wire-fields.ts';

/** What an operation is about: the account, a bucket, or an object. */
export const levels = ['service', 'bucket', 'object'] as const;
/** What an operation is about. */
export type Level = (typeof levels)[number];

/** Methods of operations. `OPTIONS` asks for permission across origins and is no operation. */
export const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const;
/** The method of an operation. */
export type Method = (typeof methods)[number];

/**
 * What a request of a row has besides level and method, all of it: query parameters with any value or none, one with a
 * certain value, a header. A row without any is what its level and method mean by themselves.
 */
export interface Selector {
  readonly query?: readonly string[];
  readonly queryValue?: readonly [name: string, value: string];
  readonly header?: string;
}

/** A query parameter or a header that a request has; a header perhaps only with a value. */
export type Given = { readonly query: string } | { readonly header: string; readonly value?: string };

/** The capabilities that a key needs. */
export interface CapabilityRule {
  /** One of these; where `instead` applies, its own. */
  readonly anyOf: readonly [S3Capability, ...S3Capability[]];
  readonly instead?: { readonly given: Given; readonly capability: S3Capability };
  /** For a request that has `given`, this one too. */
  readonly besides?: readonly { readonly given: Given; readonly capability: S3Capability }[];
  /** For the source of a copy, unless it lies in a public bucket. */
  readonly source?: S3Capability;
  /** For each entry of the document, by what is done to it; `anyOf` is then what a key needs to ask at all. */
  readonly entries?: { readonly hide: S3Capability; readonly removeVersion: S3Capability };
}

/**
 * Where the restriction of a key to buckets and to a name prefix applies.
 *
 * - `account`: a restricted key may ask only with `listAllBucketNames`.
 * - `bucket`: to the bucket.
 * - `listPrefix`: to the bucket, and the prefix of the list must begin with the key's.
 * - `key`: to bucket and key of the object.
 * - `copy`: to bucket and key of the object and of the source.
 * - `entries`: to the bucket; an entry of the document under another prefix is refused for itself.
 * - `formKey`: to the bucket, and to the key in the form.
 */
export type Restriction = 'account' | 'bucket' | 'listPrefix' | 'key' | 'copy' | 'entries' | 'formKey';

/** The forms of a body, as `x-amz-content-sha256` names them; `sha256` is the hash of the whole body. */
export const payloadModes = [
  'sha256',
  'UNSIGNED-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
] as const;
/** The form of a body. */
export type PayloadMode = (typeof payloadModes)[number];

/** Of operations whose body is data: in one piece, or in chunks. */
export const dataModes: readonly PayloadMode[] = payloadModes;
/** Of all other operations. */
const plainModes: readonly PayloadMode[] = ['sha256', 'UNSIGNED-PAYLOAD'];

/**
 * What the body of a request is: nothing (what comes is dropped), data, a document, or the form of a browser. Limits in
 * bytes. `read` refuses with an S3Error.
 */
export type BodyRule =
  | { readonly kind: 'none' }
  | { readonly kind: 'data'; readonly maxBytes: number }
  | {
      readonly kind: 'xml';
      readonly maxBytes: number;
      readonly isRequired: boolean;
      /** What the answer to a document that is not well-formed is; `MalformedXML` unless given. */
      readonly malformed?: S3ErrorCode;
      readonly read: (root: XmlElement) => unknown;
    }
  | { readonly kind: 'form'; readonly maxFieldBytes: number; readonly maxFileBytes: number };

/** What the answer of an operation holds: headers by name, and nothing, data, or the document of a result. */
export interface AnswerRule {
  readonly status: 200 | 204;
  readonly headers: readonly string[];
  readonly body:
    | { readonly kind: 'none' }
    | { readonly kind: 'data' }
    | { readonly kind: 'xml'; readonly print: (...result: never) => XmlElement };
}

interface CommonRow {
  readonly name: string;
  readonly level: Level;
  readonly methods: readonly [Method, ...Method[]];
  readonly selectedBy: Selector;
}

/** An operation that is performed. */
export interface SupportedRow extends CommonRow {
  readonly isSupported: true;
  readonly capability: CapabilityRule;
  readonly restriction: Restriction;
  /** Whether everybody may in a bucket that is public for reading. */
  readonly isOpenInPublicBucket: boolean;
  readonly payloads: readonly PayloadMode[];
  readonly body: BodyRule;
  readonly query: Reader<object, QueryParameters>;
  readonly headers: Reader<object, HeaderList>;
  readonly encryption: EncryptionUse;
  readonly answer: AnswerRule;
}

/** An operation of AWS that is answered, after authentication, with one and the same error. */
export interface RefusedRow extends CommonRow {
  readonly isSupported: false;
  readonly error: S3ErrorCode;
}

/** One operation of the API. */
export type OperationRow = SupportedRow | RefusedRow;

/** The document of a request that holds none. */
export const noBody = { kind: 'none' } as const;
/** A plain answer. */
export const emptyAnswer = { status: 200, headers: [], body: { kind: 'none' } } as const;
/** An answer to a deletion. */
export const deletedAnswer = { status: 204, headers: [], body: { kind: 'none' } } as const;

/** An answer with a document. */
export function xmlAnswer<Print extends (...result: never) => XmlElement>(
  print: Print,
  headers: readonly string[] = [],
): {
  readonly status: 200;
  readonly headers: readonly string[];
  readonly body: { readonly kind: 'xml'; readonly print: Print };
} {
  return { status: 200, headers, body: { kind: 'xml', print } };
}

/** What most operations have: a body that is dropped, nothing to encrypt, nobody without a key. */
export const ordinary = {
  isSupported: true,
  isOpenInPublicBucket: false,
  payloads: plainModes,
  body: noBody,
  encryption: 'none',
} as const;
