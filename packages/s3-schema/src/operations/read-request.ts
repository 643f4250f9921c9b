import type { ByteStream } from '@coffer/bytes';
import type { HeaderList } from '@coffer/http';
import type { XmlElement } from '@coffer/xml';
import { readEncryptionHeaders, refuseKeysInQuery, type RequestedEncryption } from '../requests/encryption-headers.ts';
import type { QueryParameters } from '../requests/query-parameters.ts';
import { S3Error } from '../values/s3-error.ts';
import { readXmlBody, receiveXmlBody } from '../values/xml-reading.ts';
import {
  supportedOperations,
  type DocumentOf,
  type HeadersOf,
  type QueryOf,
  type SupportedName,
} from './operations.ts';
import type { BodyRule, SupportedRow } from '../requests/operation-row.ts';

/** What there is of a request before its body. */
export interface RequestHead {
  readonly query: QueryParameters;
  /** Header lines, and the query parameters of a presigned URL that stand for headers. */
  readonly headers: HeaderList;
  /** Whether the connection keeps a customer key secret. */
  readonly isSecure: boolean;
}

/** All that a request says before its body. */
export interface S3Request<Name extends SupportedName> {
  readonly query: QueryOf<Name>;
  readonly headers: HeadersOf<Name>;
  /** May hold customer keys: whoever gets it wipes them. */
  readonly encryption: RequestedEncryption;
}

/**
 * Reads query and headers of a request by the row of its operation. The encryption is read last, so that no refusal
 * leaves a key behind.
 *
 * @throws S3Error
 */
export function readRequest<Name extends SupportedName>(name: Name, request: RequestHead): S3Request<Name> {
  const row: SupportedRow = supportedOperations[name];
  refuseKeysInQuery(request.query);
  return {
    query: row.query(request.query) as QueryOf<Name>,
    headers: row.headers(request.headers) as HeadersOf<Name>,
    encryption: readEncryptionHeaders(row.encryption, request.headers, request.isSecure),
  };
}

/**
 * Reads the document in the body of a request by the row of its operation; undefined where there is none and none is
 * needed.
 *
 * @throws S3Error
 */
export function readDocument<Name extends SupportedName>(name: Name, body: Uint8Array): DocumentOf<Name> | undefined {
  const rule = xmlRuleOf(name);
  if (rule === undefined) return undefined;
  const root = body.length === 0 ? undefined : readXmlBody(body, rule.maxBytes, rule.malformed);
  return apply(rule, root) as DocumentOf<Name> | undefined;
}

/**
 * The same for a body that arrives in pieces; see `receiveXmlBody`. The body of an operation without a document is not
 * read.
 *
 * @throws S3Error; what `body` throws goes to the caller.
 */
export async function receiveDocument<Name extends SupportedName>(
  name: Name,
  body: ByteStream,
): Promise<DocumentOf<Name> | undefined> {
  const rule = xmlRuleOf(name);
  if (rule === undefined) return undefined;
  const root = await receiveXmlBody(body, rule.maxBytes, rule.malformed);
  return apply(rule, root) as DocumentOf<Name> | undefined;
}

type XmlRule = Extract<BodyRule, { kind: 'xml' }>;

function xmlRuleOf(name: SupportedName): XmlRule | undefined {
  const { body }: SupportedRow = supportedOperations[name];
  return body.kind === 'xml' ? body : undefined;
}

function apply(rule: XmlRule, root: XmlElement | undefined): unknown {
  if (root !== undefined) return rule.read(root);
  if (rule.isRequired) throw new S3Error(rule.malformed ?? 'MalformedXML');
  return undefined;
}
