import { lookupIn, printB2UploadHeaders, type EncryptionRequest, type HeaderLookup } from '@coffer/sse-schema';
import { printContentSha1, type ContentSha1 } from '../values/content-sha1.ts';
import {
  attempt,
  contentMd5Header,
  contentSha1Header,
  optional,
  present,
  printOptional,
  readContentSha1,
  readEncryption,
  refuse,
  required,
} from './header-reading.ts';
import type { HeaderRequest } from './header-request.ts';
import { maxPartNumber, minPartNumber } from '../values/limits.ts';

const partNumberHeader = 'X-Bz-Part-Number';

/** What the headers of `b2_upload_part` say. */
export interface UploadPartRequest {
  readonly partNumber: number;
  readonly contentSha1: ContentSha1;
  readonly contentMd5?: string;
  readonly serverSideEncryption?: EncryptionRequest;
}

/** The headers of `b2_upload_part` (B2 docs, page of that name). */
export const uploadPartHeaders: HeaderRequest<UploadPartRequest> = {
  parse: (headers) =>
    attempt(() => {
      const get = lookupIn(headers);
      return {
        partNumber: readPartNumber(get),
        contentSha1: readContentSha1(get),
        ...present({ contentMd5: optional(get, contentMd5Header), serverSideEncryption: readEncryption(get) }),
      };
    }),
  print: (value) => [
    { name: partNumberHeader, value: String(value.partNumber) },
    { name: contentSha1Header, value: printContentSha1(value.contentSha1) },
    ...printOptional(contentMd5Header, value.contentMd5),
    ...printB2UploadHeaders(value.serverSideEncryption),
  ],
};

function readPartNumber(get: HeaderLookup): number {
  const text = required(get, partNumberHeader);
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return number >= minPartNumber && number <= maxPartNumber
    ? number
    : refuse(partNumberHeader, `Part numbers must be from 1 to ${maxPartNumber}`);
}
