import type { HttpRequest } from '../http-request.ts';

/** Limits and hooks of the node:http adapter. */
export interface NodeHandlerOptions {
  /** Milliseconds since the epoch, for the `Date` header; the system's clock by default. */
  readonly now?: () => number;
  /**
   * Bytes of request target and header lines together, above which the answer is 431. By default only Node's own
   * `maxHeaderSize` applies, an option of the server's constructor.
   */
  readonly maxHeaderBytes?: number;
  /** Milliseconds that a reader of the body may wait for the next byte; 60,000 by default. */
  readonly bodyTimeoutMs?: number;
  /** Milliseconds for which a client may read nothing of an answer that is ready to be sent; 300,000 by default. */
  readonly answerTimeoutMs?: number;
  /**
   * Milliseconds that the rest of an unread body may take to arrive after the answer; when they are over, the
   * connection is closed. 60,000 by default.
   */
  readonly drainTimeoutMs?: number;
  /** Bytes of an unread body that are received and dropped once the request was answered; 1 MiB by default. */
  readonly drainLimitBytes?: number;
  /**
   * Milliseconds without progress for which a connection that is about to be closed stays open for the client to read
   * the answer; 2,000 by default.
   */
  readonly lingerMs?: number;
  /**
   * Receives what a handler or the body of its answer threw, except when the client had gone away. The client does not
   * learn of it.
   */
  readonly onError?: (error: unknown, request: HttpRequest) => void;
}

export type NodeHandlerSettings = Required<NodeHandlerOptions>;

export function withDefaults(options: NodeHandlerOptions): NodeHandlerSettings {
  return {
    now: Date.now,
    maxHeaderBytes: Infinity,
    bodyTimeoutMs: 60_000,
    answerTimeoutMs: 300_000,
    drainTimeoutMs: 60_000,
    drainLimitBytes: 2 ** 20,
    lingerMs: 2_000,
    onError: () => undefined,
    ...options,
  };
}
