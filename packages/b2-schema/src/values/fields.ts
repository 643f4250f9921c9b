import * as z from 'zod';
import { bucketNameProblem } from './bucket-name.ts';
import type { B2ErrorCode } from './error-codes.ts';
import { isFileId } from './file-id.ts';
import { fileNameProblem } from './file-name.ts';
import { isAccountId, isApplicationKeyId, isBucketId } from './ids.ts';
import { maxFileIdLength, maxHeaderTextLength, maxPartNumber, minPartNumber } from './limits.ts';
import { rule } from './rule.ts';
import { isHeaderText, isWellFormed } from './text.ts';

/** An id as messages show it: cut to the length of the longest possible id. */
function shown(id: string): string {
  return id.slice(0, maxFileIdLength);
}

export const accountIdField = z
  .string()
  .check(rule((id) => (isAccountId(id) ? undefined : `Account ${shown(id)} does not exist`)))
  .brand<'AccountId'>();

/** A malformed id is answered like the id of a bucket that does not exist: clients look for this code and text. */
export const bucketIdField = z
  .string()
  .check(
    rule((id) =>
      isBucketId(id) ? undefined : { code: 'bad_bucket_id', message: `Bucket ${shown(id)} does not exist` },
    ),
  )
  .brand<'BucketId'>();

/** A bucket id that only filters: one that does not exist matches nothing. */
export const bucketIdFilter = z.string().max(maxFileIdLength).brand<'BucketId'>();

export const fileIdField = z
  .string()
  .check(rule((id) => (isFileId(id) ? undefined : `Invalid fileId: ${shown(id)}`)))
  .brand<'FileId'>();

export const applicationKeyIdField = z
  .string()
  .check(rule((id) => (isApplicationKeyId(id) ? undefined : `application key does not exist: ${shown(id)}`)))
  .brand<'ApplicationKeyId'>();

export const bucketNameField = z.string().check(rule(bucketNameProblem));

export const fileNameField = z.string().check(rule((name) => fileNameProblem(name)));

/** A prefix, or a place in a listing: any text that UTF-8 can hold, even one that is not a valid file name. */
export const nameBoundField = z
  .string()
  .max(2048)
  .check(rule((text) => (isWellFormed(text) ? undefined : 'Names and prefixes must be valid Unicode')));

/**
 * A prefix of file names in a setting that is stored. A text that no file name could begin with is refused, so that the
 * prefix can be looked up like a name. May be empty.
 */
export const namePrefixField = z
  .string()
  .check(rule((prefix) => (prefix === '' ? undefined : fileNameProblem(prefix)?.replace('File names', 'Prefixes'))));

const decimal = /^\d{1,16}$/;

/** Milliseconds since the epoch, as a number or a decimal string: the docs' examples have both. */
function timestamp(code: B2ErrorCode) {
  const wire = z
    .union([z.number(), z.string()])
    .check(
      rule((value) =>
        readTimestamp(value) === undefined
          ? { code, message: 'Timestamps must be milliseconds since the epoch' }
          : undefined,
      ),
    );
  return z.codec(wire, z.int(), {
    decode: (value) => readTimestamp(value) ?? z.NEVER,
    encode: (milliseconds) => milliseconds,
  });
}

function readTimestamp(value: number | string): number | undefined {
  const milliseconds = typeof value === 'number' || decimal.test(value) ? Number(value) : -1;
  return Number.isSafeInteger(milliseconds) && milliseconds >= 0 ? milliseconds : undefined;
}

export const timestampField = timestamp('bad_request');
/** The time at which the caller says that a file was made. Not every server offers this. */
export const customTimestampField = timestamp('custom_timestamp_invalid');

/** A boolean or its name: the docs' examples have both. */
export const booleanField = z.codec(z.union([z.boolean(), z.enum(['true', 'false'])]), z.boolean(), {
  decode: (value) => value === true || value === 'true',
  encode: (value) => value,
});

export const partNumberField = z.int().min(minPartNumber).max(maxPartNumber);

/** Where a listing of parts begins; 0 is the beginning, for clients that cannot leave a number out. */
export const startPartNumberField = z
  .codec(z.int().min(0).max(maxPartNumber), z.int(), {
    decode: (number) => Math.max(minPartNumber, number),
    encode: (number) => number,
  })
  .default(minPartNumber);

/** What is wrong with a content type, or undefined. */
export function contentTypeProblem(type: string): string | undefined {
  if (type.length > maxHeaderTextLength)
    return `The content type must be no more than ${maxHeaderTextLength} characters`;
  return type !== '' && isHeaderText(type) ? undefined : 'The content type must be printable ASCII';
}

/** Stored as it is; `b2/x-auto` asks the server to derive it from the file name. */
export const contentTypeField = z.string().check(rule(contentTypeProblem));

/** Whether the content type asks to be derived from the extension of the file name. */
export function isAutomaticContentType(contentType: string): boolean {
  return contentType.toLowerCase() === 'b2/x-auto';
}

const wholeRange = /^bytes=(\d{1,15})-(\d{1,15})$/;

/** The bytes `first` to `last`, both included. */
export interface InclusiveRange {
  readonly first: number;
  readonly last: number;
}

/** `bytes=a-b` of a copy (B2 docs `b2_copy_file`). Other forms of RFC 9110 ranges are not defined there. */
export const copyRangeField = z.codec(
  z.string().check(rule((text) => (parseRange(text) === undefined ? 'The range must be bytes=first-last' : undefined))),
  z.object({ first: z.int(), last: z.int() }),
  {
    decode: (text) => parseRange(text) ?? z.NEVER,
    encode: ({ first, last }) => `bytes=${first}-${last}`,
  },
);

function parseRange(text: string): InclusiveRange | undefined {
  const [, first, last] = wholeRange.exec(text) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) return undefined;
  return { first: Number(first), last: Number(last) };
}
