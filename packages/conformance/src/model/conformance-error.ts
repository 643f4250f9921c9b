export type ConformanceErrorCode =
  /** An option of the run has a value that it cannot have. */
  | 'options'
  /** The description of the target is wrong, or a secret that it names is missing. */
  | 'target'
  /** No answer came, or one that is not HTTP, or a request could not be sent to where the endpoint says. */
  | 'connection'
  /** The endpoint refused what the run itself needs: to authorize, or to make or remove what it works with. */
  | 'setup'
  /** A case names a value that no earlier step has given. */
  | 'case'
  /** An unexpected error, the `cause`, ended the run, and not all that the run had made could be removed. */
  | 'left_behind';

/** Why a run, or a case of it, could not be carried out; not that the endpoint answered wrongly. */
export class ConformanceError extends Error {
  readonly code: ConformanceErrorCode;

  constructor(code: ConformanceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConformanceError';
    this.code = code;
  }
}

/** The message of whatever was thrown. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
