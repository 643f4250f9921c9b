import {
  apiVersions,
  type ApiVersion,
  type BucketId,
  type ExtensionRow,
  type ParsedExtensionResponseOf,
} from '@coffer/b2-schema';
import { SecretString } from '@coffer/bytes';
import type { DefaultEncryption } from '@coffer/sse-schema';
import { Account, type AccountInfo } from './account/account.ts';
import type { Api, Arguments, ExtensionFields } from './calls/api-types.ts';
import type { CallContext, CallOptions } from './calls/call-context.ts';
import { createApi } from './calls/create-api.ts';
import { callExtension } from './calls/json-call.ts';
import { UploadUrls } from './calls/upload-urls.ts';
import { ClientError } from './errors/client-error.ts';
import { copy, type CopyOptions } from './files/copy.ts';
import { getDefaultEncryption, setDefaultEncryption } from './files/default-encryption.ts';
import { download, type Download, type DownloadOptions } from './files/download.ts';
import type { FilesContext } from './files/files-context.ts';
import type { StoredFile } from './files/finish-large-file.ts';
import { listFileNames, listFileVersions, listKeys, listParts, listUnfinishedLargeFiles } from './files/listings.ts';
import { upload, type UploadOptions } from './files/upload.ts';
import { reencrypt, type ReencryptOptions, type ReencryptProgress } from './reencryption/reencrypt.ts';
import { retryPolicy, type RetryOptions } from './retries/retry-policy.ts';
import { systemTiming, type Timing } from './retries/timing.ts';
import { Transport, type Fetch } from './transport/transport.ts';

/** The service itself. */
const serviceUrl = 'https://api.backblazeb2.com';

/** Whose client it is, and how it behaves. */
export interface ClientOptions<Version extends ApiVersion = 'v4'> {
  /** The id of the application key; for the master key, the account id. */
  readonly keyId: string;
  /** The application key. A `SecretString` is copied and stays the caller's. */
  readonly key: SecretString | string;
  /** Where `b2_authorize_account` is; the other URLs come from its answer. Default: the service of Backblaze. */
  readonly url?: string | undefined;
  /** The version of the API that is spoken. Default: `v4`. */
  readonly apiVersion?: Version | undefined;
  /** Sends the requests. Default: that of the runtime. */
  readonly fetch?: Fetch | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Milliseconds in which an answer has to begin. Default: as long as the runtime waits, which is some minutes. */
  readonly timeoutMs?: number | undefined;
  /**
   * Send customer keys over plain HTTP, where others can read them. Default: false, and there is no exception for
   * servers on the same machine.
   */
  readonly allowCustomerKeysOverHttp?: boolean | undefined;
  /**
   * `User-Agent` of the requests, which Backblaze asks integrations to send. Default: that of the runtime. In a browser
   * it is one more header that the CORS rules of a bucket have to allow.
   */
  readonly userAgent?: string | undefined;
  /** `X-Bz-Test-Mode` of the requests: asks the server to fail on purpose (B2 docs "Integration Checklist"). */
  readonly testMode?: string | undefined;
  /** Time and chance; for tests. */
  readonly timing?: Partial<Timing> | undefined;
}

/** A client of one application key. Make one and keep it: it keeps the authorization and the upload URLs. */
export interface Client<Version extends ApiVersion = 'v4'> {
  /** A method for each operation. */
  readonly api: Api<Version>;
  /**
   * Calls an operation that a server has beside those of B2, by its row; retries, token and errors are those of the
   * other calls.
   */
  readonly call: <Row extends ExtensionRow>(
    row: Row,
    ...given: Arguments<ExtensionFields<Row>, CallOptions>
  ) => Promise<ParsedExtensionResponseOf<Row>>;
  /**
   * Uploads data as one file, or in parallel parts as a large file if it is longer than a part. Every byte is verified
   * by the server.
   */
  readonly upload: (options: UploadOptions) => Promise<StoredFile>;
  /** Downloads a file, or a range of it; continues what breaks off, and verifies the SHA-1 at the end. */
  readonly download: (options: DownloadOptions) => Promise<Download>;
  /** Copies a file, or a range of it, on the server; in parts if it is long. */
  readonly copy: (options: CopyOptions) => Promise<StoredFile>;
  /**
   * Puts a file, or all files of a prefix, under another customer key or mode, by copies on the server. What is there
   * already is skipped, so that a run which was interrupted goes on. Nothing is deleted unless `deleteOld` asks for it.
   */
  readonly reencrypt: (options: ReencryptOptions) => Promise<ReencryptProgress>;
  /** Listings row by row, over all pages. The fields are those of the operations. */
  readonly list: Listings;
  /** The encryption of new files of a bucket that ask for none. */
  readonly defaultEncryption: {
    /** Undefined if the key may not know it. */
    readonly get: (bucketId: BucketId, options?: CallOptions) => Promise<DefaultEncryption | undefined>;
    readonly set: (bucketId: BucketId, value: DefaultEncryption, options?: CallOptions) => Promise<void>;
  };
  /** What the key's authorization tells: URLs, part sizes, what the key may do. Authorizes if nothing has before. */
  readonly account: (options?: CallOptions) => Promise<AccountInfo>;
  /** Wipes the key and all tokens. Calls afterwards are refused with `client_closed`. */
  readonly close: () => void;
}

type WithoutContext<Function> = Function extends (context: FilesContext, ...given: infer Given) => infer Result
  ? (...given: Given) => Result
  : never;

/** A listing for each operation that answers in pages. */
export interface Listings {
  readonly fileNames: WithoutContext<typeof listFileNames>;
  readonly fileVersions: WithoutContext<typeof listFileVersions>;
  readonly unfinishedLargeFiles: WithoutContext<typeof listUnfinishedLargeFiles>;
  readonly parts: WithoutContext<typeof listParts>;
  /** In the form of v4; the versions before name one bucket instead of several. */
  readonly keys: WithoutContext<typeof listKeys>;
}

/**
 * A client of the B2 Native API. Sends nothing before the first call.
 *
 * @throws ClientError `invalid_request` for a URL or a version that is none.
 *
 * @example
 * ```ts
 * const client = createClient({ keyId: '0014a98f9d9e8d00000000001', key: 'K001ExampleExampleExampleExampl' });
 * assert.equal(typeof client.api.listFileNames, 'function');
 * client.close();
 * ```
 */
export function createClient<Version extends ApiVersion = 'v4'>(options: ClientOptions<Version>): Client<Version> {
  const { keyId, key } = options;
  const version: ApiVersion = options.apiVersion ?? 'v4';
  if (!apiVersions.includes(version)) throw new ClientError('invalid_request', 'There is no such version of the API');
  const url = baseUrl(options.url ?? serviceUrl);
  const timing: Timing = { ...systemTiming, ...options.timing };
  const policy = retryPolicy(options.retry);
  const transport = transportOf(options, timing);
  const secret =
    typeof key === 'string' ? SecretString.of(key) : key.exposeBytes((bytes) => SecretString.copyOfUtf8(bytes));
  const account = new Account({ keyId, key: secret, url, version, transport, policy, timing });
  const context: CallContext = { account, transport, policy, timing, version };
  const urls = new UploadUrls(context);
  const api = createApi<Version>(context, urls);
  const files: FilesContext = { calls: context, api: api as unknown as Api };
  return {
    api,
    call: (row, ...given) => callExtension(context, row, ...given),
    upload: (given) => upload(files, given),
    download: (given) => download(files, given),
    copy: (given) => copy(files, given),
    reencrypt: (given) => reencrypt(files, given),
    list: listingsOf(files),
    defaultEncryption: {
      get: (...given) => getDefaultEncryption(files, ...given),
      set: (...given) => setDefaultEncryption(files, ...given),
    },
    account: async ({ signal } = {}) => (await account.session(signal)).info,
    close() {
      account.close();
      urls.close();
    },
  };
}

function listingsOf(files: FilesContext): Listings {
  return {
    fileNames: (...given) => listFileNames(files, ...given),
    fileVersions: (...given) => listFileVersions(files, ...given),
    unfinishedLargeFiles: (...given) => listUnfinishedLargeFiles(files, ...given),
    parts: (...given) => listParts(files, ...given),
    keys: (...given) => listKeys(files, ...given),
  };
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return text.replace(/\/+$/, '');
  throw new ClientError('invalid_request', 'The URL of the server must be an http or https URL');
}

function transportOf(options: ClientOptions<ApiVersion>, timing: Timing): Transport {
  const { userAgent, testMode, timeoutMs, allowCustomerKeysOverHttp = false } = options;
  return new Transport({
    // Called as a function of its own: a browser's fetch must not be called on another object.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timing,
    timeoutMs,
    allowCustomerKeysOverHttp,
    headers: [
      ...(userAgent === undefined ? [] : [['User-Agent', userAgent] as const]),
      ...(testMode === undefined ? [] : [['X-Bz-Test-Mode', testMode] as const]),
    ],
  });
}
