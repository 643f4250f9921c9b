/** What clients cannot exceed on a listener. */
export interface NetworkLimits {
  /**
   * Bytes of a request's head. Names and file info come to 7,000 bytes at most, a file name in the path is up to 3,072
   * once it is percent-encoded, and a download authorization allows for header overrides in the query; twice all that
   * fits.
   */
  readonly maxHeaderBytes: number;
  /**
   * Milliseconds for the whole head of a request: ample for a slow line, short enough to get rid of clients that send
   * nothing.
   */
  readonly headersTimeoutMs: number;
  /** Milliseconds between two searches for connections whose head is overdue. */
  readonly headersCheckMs: number;
  /**
   * Milliseconds that an idle connection is kept. Clients and proxies keep theirs for up to a minute; the side that
   * reuses a connection should be the one that closes it first, or requests are lost.
   */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds for a TLS handshake: a few round trips of a slow line. */
  readonly handshakeTimeoutMs: number;
  /** Milliseconds that a body may make no progress. A whole upload may take as long as it wants. */
  readonly bodyTimeoutMs: number;
  /**
   * The most milliseconds that the answer to a wrong key or token is delayed, if its address has sent many; 0: no
   * delay.
   */
  readonly refusalDelayMs: number;
  /** Milliseconds in which the whole JSON of a request has to come: 1 MiB at 35 KB a second. */
  readonly jsonTimeoutMs: number;
  /** Milliseconds in which the rest of a body that nobody reads has to come once its request was answered. */
  readonly drainTimeoutMs: number;
  /**
   * Milliseconds for which a client may read nothing of its answer. This is long, since the system reports what a slow
   * client has read in steps of up to some MiB. A whole download may take as long as it wants.
   */
  readonly answerTimeoutMs: number;
}

export const defaultLimits: NetworkLimits = {
  maxHeaderBytes: 32 * 1024,
  headersTimeoutMs: 30_000,
  headersCheckMs: 5_000,
  keepAliveTimeoutMs: 65_000,
  handshakeTimeoutMs: 15_000,
  bodyTimeoutMs: 60_000,
  refusalDelayMs: 2_000,
  jsonTimeoutMs: 30_000,
  drainTimeoutMs: 60_000,
  answerTimeoutMs: 300_000,
};

/** Connections to the operator's listener: a few scrapers and probes. They do not count among those of clients. */
export const maxAdminConnections = 64;

/** Milliseconds that requests under way are given at a shutdown; service managers commonly kill after 90 seconds. */
export const shutdownGraceMs = 30_000;

/** Milliseconds between two searches for connections that became idle during a shutdown. */
export const idleCheckMs = 100;
