import * as z from 'zod';

/**
 * What buckets and application keys of the suite are called: a part that all of them have, a random part of the run,
 * and a number. Nothing with another name is ever removed.
 */
const nameForm = /^conformance-[0-9a-f]{8}-\d+$/;

/** Gives names that nothing has had; `run` is the run's random part, of eight hexadecimal digits. */
export function namesOf(run: string): () => string {
  let count = 0;
  return () => `conformance-${run}-${count++}`;
}

/** A bucket or application key that a run makes, by the name that the run gives to it. */
export const madeThingSchema = z.strictObject({
  kind: z.enum(['bucket', 'application key']),
  name: z.string().regex(nameForm),
});
export type MadeThing = z.infer<typeof madeThingSchema>;

/** In a sentence. */
export function describeMade({ kind, name }: MadeThing): string {
  return kind === 'bucket' ? `bucket ${name}` : `application key named ${name}`;
}
