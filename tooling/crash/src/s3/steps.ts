import type { Workplace } from '../workplace.ts';
import { conditionalPuts } from './conditional-puts.ts';
import { copyObject, hideKey, putObject, removeMany, removeOne } from './objects.ts';
import { multipartUpload } from './uploads.ts';

type Step = (place: Workplace) => Promise<void>;

/** What a connection that speaks S3 chooses from. */
export const s3Growing: readonly Step[] = [
  ...[putObject, putObject, putObject, putObject, multipartUpload, multipartUpload, copyObject, copyObject],
  ...[conditionalPuts, hideKey, removeOne, removeMany],
];

/** The same where as much is to be removed as is added. */
export const s3Steady: readonly Step[] = [
  ...s3Growing,
  ...Array.from({ length: 4 }, () => [removeOne, removeMany]).flat(),
];
