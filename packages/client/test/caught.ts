import { ClientError } from '../src/errors/client-error.ts';

/** The error with which the promise rejects, which must be one of the client. */
export async function caught(promise: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!ClientError.is(error)) throw new Error('no ClientError was thrown', { cause: error });
  return error;
}

/** The UTF-8 of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
