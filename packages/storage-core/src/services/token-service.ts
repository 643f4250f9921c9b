import type { ApplicationKeyRecord } from '@coffer/storage-ports';

/** What a token lets its bearer do: the key's rights at the moment of use. */
export interface Grant {
  readonly key: ApplicationKeyRecord;
  readonly accountId: string;
  readonly capabilities: ReadonlySet<string>;
  readonly bucketIds: ReadonlySet<string> | null;
  readonly namePrefix: string | null;
}

/** Response headers that a download authorization fixes. */
export interface DownloadOverrides {
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly contentType?: string;
}

/** What a download token allows: names with a prefix in one bucket, with fixed response headers. */
export interface DownloadAuthorization {
  readonly accountId: string;
  /** Of the key that the token was made with. */
  readonly applicationKeyId: string;
  readonly bucketId: string;
  readonly namePrefix: string;
  readonly overrides: DownloadOverrides;
}

/**
 * Signed, self-contained tokens: any process that shares the store and the keyring can check them. A token ends with
 * its lifetime, or when its application key is deleted, expires or gets another secret. Checking throws `token_invalid`
 * or `token_expired`.
 */
export interface TokenService {
  /** At most 24 hours, never longer than the key lives. `lifetimeSeconds` shortens it. */
  issueAccountToken(key: ApplicationKeyRecord, options?: { readonly lifetimeSeconds?: number }): Promise<string>;
  /** For uploads into one bucket. */
  issueUploadToken(grant: Grant, bucketId: string): Promise<string>;
  /** For parts of one large file. */
  issuePartToken(grant: Grant, fileId: string): Promise<string>;
  issueDownloadToken(
    grant: Grant,
    authorization: Omit<DownloadAuthorization, 'accountId' | 'applicationKeyId'>,
    validSeconds: number,
  ): Promise<string>;
  checkAccountToken(token: string): Promise<Grant>;
  /** `token_invalid` also when the token is for another bucket. */
  checkUploadToken(token: string, bucketId: string): Promise<Grant>;
  checkPartToken(token: string, fileId: string): Promise<Grant>;
  /** An account token or a download token, whichever it is. */
  checkDownloadToken(
    token: string,
  ): Promise<
    | { readonly kind: 'account'; readonly grant: Grant }
    | { readonly kind: 'download'; readonly authorization: DownloadAuthorization }
  >;
}
