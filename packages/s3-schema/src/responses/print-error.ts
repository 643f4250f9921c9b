import { xmlElement, type XmlElement } from '@coffer/xml';
import { s3ErrorCodes } from '../values/error-codes.ts';
import type { S3Error } from '../values/s3-error.ts';

/** What an error says of the request that it answers. */
export interface ErrorContext {
  /** Bucket and key as in the path, such as `/bucket/key`. */
  readonly resource: string;
  readonly requestId: string;
  readonly hostId: string;
}

/**
 * The `Error` document of a refused request (AWS docs "Error responses"): code, message, the details that errors of
 * this code may have and no others, and what the request was. It has no namespace.
 */
export function errorXml(error: S3Error, { resource, requestId, hostId }: ErrorContext): XmlElement {
  const details = s3ErrorCodes[error.code].details.flatMap((name) => {
    const value = error.details[name];
    return value === undefined ? [] : [xmlElement(name, String(value))];
  });
  return xmlElement('Error', [
    xmlElement('Code', error.code),
    xmlElement('Message', error.message),
    ...details,
    xmlElement('Resource', resource),
    xmlElement('RequestId', requestId),
    xmlElement('HostId', hostId),
  ]);
}
