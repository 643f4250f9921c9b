import type { ByteStream } from '@coffer/bytes';
import type { HeaderList } from './header-list.ts';

/** The other end of the connection. */
export interface HttpPeer {
  /** IP address in text; empty where there is none, such as on a Unix socket. */
  readonly address: string;
  /** Whether the address is one of this machine's loopback addresses. */
  readonly loopback: boolean;
  /** Whether the connection is TLS. */
  readonly secure: boolean;
}

/** A request as it came, nothing decoded or normalised. */
export interface HttpRequest {
  /** As received; methods are case-sensitive (RFC 9110 section 9.1). */
  readonly method: string;
  /** The raw request target (RFC 9112 section 3.2), such as `/file/b/a%20b?x=1`. */
  readonly target: string;
  readonly headers: HeaderList;
  /**
   * The content, read once. Its pieces are as received.
   *
   * @throws RequestBodyError while reading.
   */
  readonly body: ByteStream;
  /** The declared `Content-Length` in bytes; undefined when none is declared: chunked content, or no content at all. */
  readonly contentLength: number | undefined;
  /** Aborts when the client goes away or the server gives the request up. */
  readonly signal: AbortSignal;
  readonly peer: HttpPeer;
}
