import { ClientError } from '@coffer/client';

/** An error in words for people. */
export interface DescribedError {
  /** A sentence or two: what happened, and what can be done. */
  readonly text: string;
  /** What an operator needs: the code, the request's id. */
  readonly details?: string;
  /** Whether the key that one is signed in with is no longer accepted, so that only another sign-in helps. */
  readonly isOfLostKey?: boolean;
}

/** What somebody who only uses the console can understand of an error. */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof ClientError)) {
    return { text: error instanceof Error ? error.message : 'Something unexpected happened.' };
  }
  const { code, status, requestId } = error;
  const parts = [`code ${code}`, status && `status ${status}`, requestId && `request ${requestId}`];
  const text = isOfLostKey(error) ? lostKey : textOf(error);
  return { text, details: parts.filter(Boolean).join(', '), isOfLostKey: isOfLostKey(error) };
}

const lostKey = 'This application key no longer exists, or its secret is wrong. Sign in again.';

/**
 * A client whose token is refused asks for another one with its key. Only where that is refused as well, the key itself
 * is wrong: `unauthorized` of other operations says what a good key may not do.
 */
function isOfLostKey({ code, operation }: ClientError): boolean {
  return operation === 'b2_authorize_account' && (code === 'unauthorized' || code === 'bad_auth_token');
}

function textOf(error: ClientError): string {
  const { code, serverMessage } = error;
  switch (code) {
    case 'connection_failed':
      return 'The server could not be reached. Look whether it runs and whether you are connected, then try again.';
    case 'timed_out':
      return 'The server did not answer in time. It may be busy: try again in a minute.';
    case 'service_unavailable':
    case 'too_many_requests':
      return 'The server is busy and asked to wait. It was tried again several times: try once more in a minute.';
    case 'internal_error':
      return 'Something went wrong inside the server. Its log tells more under the request’s id.';
    case 'unauthorized':
      return withMessage('This application key may not do that.', serverMessage);
    case 'access_denied':
      return withMessage('This is not allowed.', serverMessage);
    case 'bad_auth_token':
    case 'expired_auth_token':
      return 'The server no longer accepts this session. Sign out, and sign in again.';
    case 'customer_key_over_http':
      return 'Customer keys are only sent over HTTPS, or to this machine itself. Open the console over HTTPS.';
    case 'checksum_mismatch':
      return 'What arrived is not what was stored: the checksums differ. Try again.';
    case 'invalid_response':
      return withMessage('The server answered with something that this console does not understand.', serverMessage);
    default:
      return serverMessage ?? error.message;
  }
}

function withMessage(text: string, message: string | undefined): string {
  return message === undefined || message === '' ? text : `${text} The server says: ${message}`;
}
