import type { ByteStream } from '@coffer/bytes';
import { parseXml, XmlError, XmlReader, type XmlElement } from '@coffer/xml';
import type { S3ErrorCode } from './error-codes.ts';
import { S3Error } from './s3-error.ts';
import { isWellFormed } from './text.ts';

/** The namespace of the documents that the service sends; those that it gets may have any, or none. */
export const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** The answer to a document that is not as it must be. */
export function malformedXml(code: S3ErrorCode = 'MalformedXML'): S3Error {
  return new S3Error(code);
}

/**
 * Reads the body of a request as XML.
 *
 * @throws S3Error `MaxMessageLengthExceeded`, or `MalformedXML` unless `code` says another.
 */
export function readXmlBody(body: Uint8Array | string, maxBytes: number, code?: S3ErrorCode): XmlElement {
  return withS3Errors(() => parseXml(body, { maxBytes }), maxBytes, code);
}

/**
 * The same for a body that arrives in pieces, each of which is parsed when it is there, so that a long document does
 * not keep other requests waiting. Undefined for a body of no bytes.
 *
 * @throws S3Error as {@link readXmlBody}; what `body` throws goes to the caller.
 */
export async function receiveXmlBody(
  body: ByteStream,
  maxBytes: number,
  code?: S3ErrorCode,
): Promise<XmlElement | undefined> {
  const reader = new XmlReader({ maxBytes });
  let isEmpty = true;
  for await (const piece of body) {
    isEmpty &&= piece.length === 0;
    const take = () => {
      reader.write(piece);
    };
    withS3Errors(take, maxBytes, code);
  }
  return isEmpty ? undefined : withS3Errors(() => reader.end(), maxBytes, code);
}

function withS3Errors<T>(read: () => T, maxBytes: number, code: S3ErrorCode | undefined): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    if (error.code !== 'too_long') throw malformedXml(code);
    throw new S3Error('MaxMessageLengthExceeded', { details: { MaxMessageLengthBytes: maxBytes } });
  }
}

/** Checks the name of the root. */
export function expectRoot(root: XmlElement, name: string, code?: S3ErrorCode): void {
  if (root.name !== name) throw malformedXml(code);
}

/**
 * The children by name, each allowed to come once. Anything else is malformed, as it is for AWS, which validates by a
 * schema.
 */
export function childrenOf<Name extends string>(
  element: XmlElement,
  names: readonly Name[],
): Partial<Record<Name, XmlElement>> {
  const found: Partial<Record<Name, XmlElement>> = {};
  expectLeafText(element);
  for (const child of element.children) {
    const name = names.find((known) => known === child.name);
    if (name === undefined || found[name] !== undefined) throw malformedXml();
    found[name] = child;
  }
  return found;
}

/** An element for elements holds no text of its own. */
function expectLeafText(element: XmlElement): void {
  if (element.children.length === 0 && element.text.trim() !== '') throw malformedXml();
}

/** All children of that name. */
export function allChildren(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of an element that holds nothing but text, outer white space left out. */
export function textOf(element: XmlElement): string {
  return verbatimTextOf(element).trim();
}

/** The text of an element that holds nothing but text, such as a key. */
export function verbatimTextOf(element: XmlElement): string {
  if (element.children.length > 0 || !isWellFormed(element.text)) throw malformedXml();
  return element.text;
}

/** A boolean of XML. */
export function booleanOf(element: XmlElement): boolean {
  const text = textOf(element).toLowerCase();
  if (text !== 'true' && text !== 'false') throw malformedXml();
  return text === 'true';
}

/** A number without sign. */
export function integerOf(element: XmlElement): number {
  const text = textOf(element);
  if (!/^\d{1,15}$/.test(text)) throw malformedXml();
  return Number(text);
}
