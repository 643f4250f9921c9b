import type { ApiVersion, B2ErrorCode, ExtensionName, OperationName } from '@coffer/b2-schema';
import type { HttpRequest } from '@coffer/http';
import type { SseMode } from '@coffer/sse-schema';
import type { Storage } from '@coffer/storage-core';
import type { Clock, RandomSource } from '@coffer/storage-ports';
import type { B2Extension } from './extension.ts';
import type { TestMode } from './test-mode/test-mode.ts';

/** Where clients find this server; each an origin without a slash at the end. */
export interface B2Origins {
  readonly apiUrl: string;
  readonly downloadUrl: string;
  readonly s3ApiUrl: string;
}

/** Why a key or token is not valid. */
export type RefusedCredentials = 'bad_credentials' | 'token_invalid' | 'token_expired';

/** What {@link B2Options.onRequest} is told of a finished request. Names no file and no header, and no secret. */
export interface B2RequestEvent {
  /** The id that the answer has in `X-Bz-Request-Id`. */
  readonly requestId: string;
  /** IP address of the client; empty where there is none. */
  readonly peer: string;
  /**
   * The application key of the caller, or of the caller's token; null for anonymous callers and for those whose key or
   * token was refused.
   */
  readonly keyId: string | null;
  /**
   * The bucket that the request is about, if it is known; for a copy, the bucket that is written to, if the request
   * names it.
   */
  readonly bucketId: string | null;
  /** Why a key or token was refused; null where none was. */
  readonly refusedCredentials: RefusedCredentials | null;
  /** Null where the path names no operation. */
  readonly operation: OperationName | ExtensionName | null;
  /** As received, so a method may be anything. */
  readonly method: string;
  /** Null where the path names no version of B2. */
  readonly version: ApiVersion | null;
  readonly status: number;
  /** Null for a success. */
  readonly errorCode: B2ErrorCode | null;
  /** Bytes of the request's body that were read. */
  readonly bytesIn: number;
  /** Bytes of the answer's body that were handed on. */
  readonly bytesOut: number;
  /** From the head of the request to the end of the answer's body. */
  readonly durationMs: number;
  /** How the file that was written or read is encrypted; null where there was none. */
  readonly encryption: SseMode | null;
  /** Whether test mode made the request fail, as the request or the server's options asked for: nothing went wrong. */
  readonly deliberate: boolean;
  /** Whether the answer's body was cut: by an error, or because the client went away. */
  readonly incomplete: boolean;
}

/** What the handler works with, and how it behaves where the operator may choose. */
export interface B2Options {
  readonly storage: Storage;
  readonly clock: Clock;
  /** For request ids and the shape of upload URLs. */
  readonly random: RandomSource;
  /** Called for each request that answers with URLs: a server with several names tells each client the one it used. */
  readonly origins: (request: HttpRequest) => B2Origins;
  /** Bytes; what clients cut large files into. The smallest part is `storage.options.minimumPartSize`. */
  readonly recommendedPartSize: number;
  /**
   * Take customer keys over connections that others can read. By default a request with a customer key is refused
   * unless the connection is TLS or comes from this machine.
   */
  readonly allowInsecureCustomerKeys?: boolean;
  /** Answer HEAD of a file under a customer key without that key: its metadata is not encrypted. Default: false. */
  readonly allowKeylessHead?: boolean;
  /**
   * Do not hand out files that are encrypted: a GET of one is refused with 403 `access_denied` and this text, which
   * says what to do instead. HEAD is answered. Default: encrypted files are handed out.
   */
  readonly encryptedFilesWithheld?: string;
  /**
   * Refuse new file names that the service refused until 2018: `//`, `/` at an end, backslashes, segments over 250
   * bytes.
   */
  readonly strictFileNames?: boolean;
  /**
   * Refuse to make keys that may do what the maker's own key may not: with other capabilities, for other buckets or
   * names, or for a longer time. Default: false, as in the service, where `writeKeys` is as good as having every
   * capability.
   */
  readonly grantOnlyOwnCapabilities?: boolean;
  /** Let the webhooks of event notification rules have http URLs, too; the service takes https only. Default: false. */
  readonly allowHttpWebhooks?: boolean;
  /** Milliseconds in which the whole JSON of a request has to come; 30,000 by default. */
  readonly jsonTimeoutMs?: number;
  /**
   * Fail on purpose where a request asks for it, for tests of clients. Default: absent, and such requests are like any
   * other.
   */
  readonly testMode?: TestMode;
  /** Operations of the server's own, answered at `/cofferapi/v1/<operation>`. Default: none, and that path is 404. */
  readonly extension?: B2Extension;
  /** Called once for each request, after the last byte of its answer. */
  readonly onRequest?: (event: B2RequestEvent, request: HttpRequest) => void;
  /**
   * Called and awaited before the answer to a wrong key or token, but not to one that has only expired, so that a
   * server can slow down clients that guess. Resolves to whether the connection is to be closed. It must not reject.
   */
  readonly onRefusedCredentials?: (request: HttpRequest) => Promise<boolean>;
  /**
   * Called when a bucket is given replication rules that are on. They are kept and shown, and its files get a
   * replication status, but this server replicates nothing. Must not throw.
   */
  readonly onReplicationRules?: (bucketId: string) => void;
  /**
   * Called for each error whose cause the client does not learn: what the server did not expect, and stored data that
   * is damaged. The client gets the request id, so that its user and the operator can speak of the same error.
   */
  readonly onError?: (error: unknown, requestId: string) => void;
}
