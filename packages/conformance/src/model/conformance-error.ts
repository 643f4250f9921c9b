export type ConformanceErrorCode =
  /** The description of the target is wrong, or a secret that it names is missing. */
  | 'target'
  /** No answer came, or one that is not HTTP. */
  | 'connection'
  /** The endpoint refused what the run itself needs: to authorize, or to make its bucket. */
  | 'setup'
  /** A case names a value that no earlier step has given. */
  | 'case';

/** Why a run, or a case of it, could not be carried out; not that the endpoint answered wrongly. */
export class ConformanceError extends Error {
  readonly code: ConformanceErrorCode;

  constructor(code: ConformanceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConformanceError';
    this.code = code;
  }
}
