import { parseXml, type XmlElement } from '@coffer/xml';
import { S3Error } from '../src/values/s3-error.ts';

/** What `read` refuses with; what it gives if it does not refuse; any other error is thrown on. */
export function outcomeOf<T>(read: () => T): T | S3Error {
  try {
    return read();
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

/** The refusal in short: code, and what of message and details the test names. */
export function refusalOf(read: () => unknown): { code: string; status: number; message: string; details: object } {
  const outcome = outcomeOf(read);
  if (!(outcome instanceof S3Error)) throw new TypeError(`was not refused: ${JSON.stringify(outcome)}`);
  const { code, status, message, details } = outcome;
  return { code, status, message, details };
}

/** The tree of a document. */
export function xml(source: string): XmlElement {
  return parseXml(source, { maxBytes: 1_000_000 });
}
