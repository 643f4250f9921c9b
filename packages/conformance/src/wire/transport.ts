/** A request as it goes to the wire: nothing is added but what HTTP itself needs. */
export interface WireRequest {
  readonly method: string;
  /** Of the endpoint, without a slash at the end. */
  readonly origin: string;
  /** Path and query, encoded. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** All of an answer. */
export interface WireAnswer {
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
