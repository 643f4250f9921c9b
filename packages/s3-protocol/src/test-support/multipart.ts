import assert from 'node:assert/strict';
import { childText, type Answer, type ServerRequest, type TestServer } from './test-server.ts';

type Headers = Readonly<Record<string, string>>;

/** A part as its sender names it when the upload is completed. */
export interface SentPart {
  readonly partNumber: number;
  /** In quotes, as it came. */
  readonly etag: string;
  /** Elements of its checksum, such as `<ChecksumCRC32>…</ChecksumCRC32>`. */
  readonly checksum?: string;
}

/** A multipart upload under way. */
export class TestUpload {
  readonly server: TestServer;
  /** Path of the object. */
  readonly path: string;
  readonly uploadId: string;
  /** What every part is sent with: the customer key. */
  readonly headers: Headers;

  constructor(server: TestServer, path: string, uploadId: string, headers: Headers = {}) {
    this.server = server;
    this.path = path;
    this.uploadId = uploadId;
    this.headers = headers;
  }

  /** Begins an upload; `partHeaders`: what its parts are sent with. */
  static async start(
    server: TestServer,
    path: string,
    { headers = {}, partHeaders = {} }: { readonly headers?: Headers; readonly partHeaders?: Headers } = {},
  ): Promise<TestUpload> {
    const { xml } = await server.ok({ method: 'POST', target: `${path}?uploads`, headers });
    const uploadId = childText(xml, 'UploadId');
    assert.ok(uploadId !== undefined);
    return new TestUpload(server, path, uploadId, partHeaders);
  }

  get target(): string {
    return `${this.path}?uploadId=${this.uploadId}`;
  }

  /** The request that sends a part. */
  partRequest(partNumber: number, body: string | Uint8Array, headers: Headers = {}): ServerRequest {
    const target = `${this.target}&partNumber=${partNumber}`;
    return { method: 'PUT', target, body, headers: { ...this.headers, ...headers } };
  }

  async part(partNumber: number, body: string | Uint8Array, headers: Headers = {}): Promise<SentPart> {
    const answer = await this.server.ok(this.partRequest(partNumber, body, headers));
    return { partNumber, etag: answer.headers.get('etag') ?? '' };
  }

  /** The request that copies a part. */
  copyRequest(partNumber: number, source: string, headers: Headers = {}): ServerRequest {
    return this.partRequest(partNumber, '', { 'x-amz-copy-source': source, ...headers });
  }

  async copyPart(partNumber: number, source: string, headers: Headers = {}): Promise<SentPart> {
    const { xml } = await this.server.ok(this.copyRequest(partNumber, source, headers));
    assert.equal(xml?.name, 'CopyPartResult');
    return { partNumber, etag: childText(xml, 'ETag') ?? '' };
  }

  /** The request that completes the upload. */
  completeRequest(parts: readonly SentPart[], headers: Headers = {}): ServerRequest {
    return { method: 'POST', target: this.target, body: completionOf(parts), headers };
  }

  complete(parts: readonly SentPart[], headers: Headers = {}): Promise<Answer> {
    return this.server.ok(this.completeRequest(parts, headers));
  }
}

/** The document that completes an upload. */
export function completionOf(parts: readonly SentPart[]): string {
  const elements = parts.map(
    ({ partNumber, etag, checksum = '' }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag>${checksum}</Part>`,
  );
  return `<CompleteMultipartUpload>${elements.join('')}</CompleteMultipartUpload>`;
}
