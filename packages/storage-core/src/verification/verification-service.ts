import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { VerificationOptions, VerificationService } from '../services/verification.ts';
import { Run } from './run.ts';
import { stagesOf } from './stages.ts';

export function verificationService(core: Core): VerificationService {
  return { begin: (options = {}) => begin(core, options) };
}

async function begin(core: Core, options: VerificationOptions): Promise<Run> {
  const { bucketId = null, from } = options;
  if (bucketId !== null) await requireBucket(core, bucketId);
  if (from !== undefined) requireCursor(from, bucketId);
  return new Run(core, options);
}

function requireCursor(from: NonNullable<VerificationOptions['from']>, bucketId: string | null): void {
  if (from.bucketId !== bucketId)
    throw failures.invalid('from', 'The run to continue looks at another bucket, or at all buckets');
  const isStage = stagesOf(bucketId).some(({ name }) => name === from.stage);
  if (!isStage || !/^(?:[0-9a-f]{2})*$/.test(from.after))
    throw failures.invalid('from', 'The record of the unfinished run is not one of this version of the server');
}
