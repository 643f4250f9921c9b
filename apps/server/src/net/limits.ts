/**
 * Bytes of a request's head. Names and file info come to 7,000 bytes at most, a file name in the path is up to 3,072 once it is
 * percent-encoded, and a download authorization allows for header overrides in the query; twice all that fits.
 */
export const maxHeaderBytes = 32 * 1024;

/** Milliseconds for the whole head of a request: ample for a slow line, short enough to be rid of those who send nothing. */
export const headersTimeoutMs = 30_000;

/**
 * Milliseconds that an idle connection is kept. Clients and proxies keep theirs for up to a minute; the side that reuses a
 * connection should be the one that closes it first, or requests are lost.
 */
export const keepAliveTimeoutMs = 65_000;

/** Milliseconds for a TLS handshake: a few round trips of a slow line. */
export const handshakeTimeoutMs = 15_000;

/** Milliseconds that a body may make no progress. A whole upload may take as long as it wants. */
export const bodyTimeoutMs = 60_000;

/** Milliseconds that requests under way are given at a shutdown; service managers commonly kill after 90 seconds. */
export const shutdownGraceMs = 30_000;

/** Milliseconds between looks for connections that became idle during a shutdown. */
export const idleCheckMs = 100;
