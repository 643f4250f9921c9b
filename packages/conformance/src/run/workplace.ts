import type { SecretString } from '@coffer/bytes';
import { reasonOf } from '../model/conformance-error.ts';
import type { Answer } from '../wire/answer.ts';
import type { B2Session } from '../wire/b2-endpoint.ts';
import type { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { Transport } from '../wire/transport.ts';
import type { RunValues } from './scope.ts';

/** The endpoint that a run talks to, over one of its protocols. */
export type Endpoint =
  | { readonly protocol: 'b2'; readonly session: B2Session; readonly origin: string }
  | { readonly protocol: 's3'; readonly s3: S3Endpoint };

/** What all cases of a run work with. */
export interface Workplace {
  readonly endpoint: Endpoint;
  /** In a run over B2, the same endpoint over S3, if the target has it. @throws ConformanceError `target` */
  readonly otherS3?: () => S3Endpoint;
  readonly send: Transport;
  readonly values: RunValues;
  /** A name that no bucket has had. */
  newName(): string;
}

/** What a case has made and the run has to remove. */
export interface MadeThings {
  readonly buckets: { readonly name: string; readonly id: string | undefined }[];
  applicationKeyIds: string[];
  readonly secrets: SecretString[];
  /** Sentences about what is perhaps there, since no answer came when it was to be made. */
  readonly unanswered: string[];
}

/** Has something made, and notes it where no answer says whether it was. */
export async function making(what: string, { unanswered }: MadeThings, make: () => Promise<Answer>): Promise<Answer> {
  try {
    return await make();
  } catch (error) {
    unanswered.push(`perhaps ${what}: ${reasonOf(error)}`);
    throw error;
  }
}
