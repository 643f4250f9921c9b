/** A request as it goes to the wire: nothing is added but what HTTP itself needs. */
export interface WireRequest {
  readonly method: string;
  /** Of the endpoint, without a slash at the end. */
  readonly origin: string;
  /** Path and query, encoded. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** What is sent instead of all the above, which then says of what it was made. */
  readonly raw?: RawForm;
}

/** A request that is sent as it is, whether or not it is HTTP. */
export interface RawForm {
  /** All up to the body, one byte per code unit. It has the secrets that the request's headers have. */
  readonly head: string;
  readonly body: Uint8Array;
  /** No further byte will come: the sending side of the connection is closed behind the body. */
  readonly closes: boolean;
}

/** All of an answer. */
export interface WireAnswer {
  /** 0 if a connection on which a raw form was sent was closed without an answer. */
  readonly status: number;
  /** By names in lower case; lines of one name are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/**
 * Sends a request and collects the answer.
 *
 * @throws ConformanceError `connection` if there is none.
 */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;
