import { splitTarget, type HttpRequest } from '@coffer/http';
import { QueryParameters, splitAddress } from '@coffer/s3-schema';
import type { ErrorSubject } from '../errors/storage-answers.ts';
import type { S3Options } from '../options.ts';
import type { RequestRecord } from './request-record.ts';

/** What the head of a request names. */
export interface Named {
  readonly bucketName: string | undefined;
  readonly key: string | undefined;
  readonly query: QueryParameters;
}

/** A request on its way through the handler. */
export class Incoming {
  readonly options: S3Options;
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  #named: Named | undefined;

  constructor(options: S3Options, request: HttpRequest, record: RequestRecord) {
    this.options = options;
    this.request = request;
    this.record = record;
  }

  /**
   * Reads the address and the query.
   *
   * @throws S3Error for what no address can be.
   */
  read(): Named {
    const { path, query } = splitTarget(this.request.target);
    this.record.resource = path;
    const domains = (this.options.domains ?? []).map((domain) => ({ domain, region: this.options.regions[0] }));
    const { bucket, key } = splitAddress(this.request.headers.get('host'), path, domains);
    this.record.bucketName = bucket ?? null;
    this.#named = { bucketName: bucket, key, query: QueryParameters.parse(query) };
    return this.#named;
  }

  /** What an error is about. */
  get subject(): ErrorSubject {
    const { bucketName, key, query } = this.#named ?? {};
    return { bucketName, key, versionId: query?.get('versionId'), uploadId: query?.get('uploadId') };
  }

  /** Whether the connection keeps a customer key secret. */
  get isSecure(): boolean {
    const { peer } = this.request;
    return peer.secure || peer.loopback || this.options.allowInsecureCustomerKeys === true;
  }
}
