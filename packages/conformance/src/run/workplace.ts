import type { SecretString } from '@coffer/bytes';
import { reasonOf } from '../model/conformance-error.ts';
import { describeMade, type MadeThing } from '../model/made-thing.ts';
import type { Answer } from '../wire/answer.ts';
import type { B2Session } from '../wire/b2-endpoint.ts';
import type { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { Transport } from '../wire/transport.ts';
import { JournalFailure, type Journal } from './journal.ts';
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
  /** Of the account that the run works with. */
  readonly secrets: readonly SecretString[];
  readonly journal: Journal;
  /** A name that no bucket has had. */
  newName(): string;
}

/** A workplace that sends by another transport, and is the same otherwise. */
export function sendingBy(send: Transport, place: Workplace): Workplace {
  const { endpoint } = place;
  const { otherS3: ask } = place;
  const otherS3 = ask === undefined ? {} : { otherS3: () => ask().sendingBy(send) };
  if (endpoint.protocol === 'b2') return { ...place, ...otherS3, send };
  return { ...place, send, endpoint: { protocol: 's3', s3: endpoint.s3.sendingBy(send) } };
}

/** The texts that no report of the run may show. */
export function secretsOf({ endpoint, secrets }: Workplace): readonly string[] {
  const texts = secrets.map((secret) => secret.expose((text) => text));
  return [...texts, ...(endpoint.protocol === 'b2' ? [endpoint.session.token] : [])];
}

/** What a case has made and the run has to remove. */
export interface MadeThings {
  readonly buckets: { readonly name: string; readonly id: string | undefined }[];
  applicationKeys: { readonly name: string; readonly id: string }[];
  readonly secrets: SecretString[];
  /** Sentences about what is perhaps there, since no answer came when it was to be made. */
  readonly unanswered: string[];
}

export function nothingMade(): MadeThings {
  return { buckets: [], applicationKeys: [], secrets: [], unanswered: [] };
}

/**
 * Has something made, notes it first in the journal, and notes it too where no answer says whether it was made.
 *
 * @throws JournalFailure if it could not be noted; then it was not made.
 */
export async function making(
  thing: MadeThing,
  { unanswered }: MadeThings,
  journal: Journal,
  make: () => Promise<Answer>,
): Promise<Answer> {
  await journal.plan(thing).catch((cause: unknown) => {
    throw new JournalFailure(cause);
  });
  const perhaps = (why: string): void => {
    unanswered.push(`perhaps ${describeMade(thing)}: ${why}`);
  };
  let answer: Answer;
  try {
    answer = await make();
  } catch (error) {
    perhaps(reasonOf(error));
    throw error;
  }
  if (isRefusal(answer)) journal.gone(thing.name);
  else if (!answer.ok) perhaps(`the answer to its creation was ${answer.status}`);
  return answer;
}

/** After an error of the server, a timeout or a redirection, the thing may be there. */
function isRefusal({ status }: Answer): boolean {
  return status === 501 || (status >= 400 && status < 500 && status !== 408);
}
