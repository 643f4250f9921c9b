import type { InclusiveRange } from '@coffer/b2-schema';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { CopySource } from '@coffer/storage-core';
import { present } from '../request/present.ts';

/** What both copies say of their source. */
interface RequestedSource {
  readonly sourceFileId: string;
  readonly range?: InclusiveRange | undefined;
  readonly sourceServerSideEncryption?: EncryptionRequest | undefined;
}

/** The source as the core takes it. */
export function copySource({ sourceFileId, range, sourceServerSideEncryption }: RequestedSource): CopySource {
  return {
    fileId: sourceFileId,
    ...present({
      range: range && { start: range.first, end: range.last },
      encryption: sourceServerSideEncryption,
    }),
  };
}
