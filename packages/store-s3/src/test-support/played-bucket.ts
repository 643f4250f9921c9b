import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A request as the played store understands it. */
export interface PlayedRequest {
  readonly method: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer of the played store. */
export interface PlayedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** What the played store can do. */
export interface PlayedAbilities {
  readonly conditions: boolean;
  readonly checksums: boolean;
  readonly uploadLists: boolean;
  /** `Enabled`, `Suspended`, or nothing. */
  readonly versioning: string;
  readonly retention: boolean;
}

interface PlayedObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface PlayedUpload {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
  readonly begunAt: string;
}

const time = '2026-01-01T00:00:00.000Z';

/** As much of S3 as the adapter uses, in memory. */
export class PlayedBucket {
  readonly abilities: PlayedAbilities;
  readonly objects = new Map<string, PlayedObject>();
  readonly uploads = new Map<string, PlayedUpload>();

  constructor(abilities: PlayedAbilities) {
    this.abilities = abilities;
  }

  answer(request: PlayedRequest): PlayedAnswer {
    const { method, key, query, headers, body } = request;
    const sha256 = headers['x-amz-content-sha256'];
    if (sha256 !== undefined && sha256 !== createHash('sha256').update(body).digest('hex'))
      return failed(400, 'XAmzContentSHA256Mismatch');
    if (key === '') return this.#answerBucket(query);
    if (method === 'HEAD' || method === 'GET') return this.#get(request);
    if (method === 'PUT') return this.#put(request);
    if (method === 'POST') return query.has('uploads') ? this.#beginUpload(request) : this.#complete(request);
    const uploadId = query.get('uploadId');
    if (uploadId === null) this.objects.delete(key);
    else if (!this.uploads.delete(uploadId)) return failed(404, 'NoSuchUpload');
    return { status: 204 };
  }

  #answerBucket(query: URLSearchParams): PlayedAnswer {
    const { abilities } = this;
    if (query.has('versioning'))
      return xml(
        'VersioningConfiguration',
        abilities.versioning === '' ? '' : `<Status>${abilities.versioning}</Status>`,
      );
    if (query.has('object-lock'))
      return abilities.retention ? retention : failed(404, 'ObjectLockConfigurationNotFoundError');
    const prefix = query.get('prefix') ?? '';
    if (query.has('uploads')) return this.#listUploads(prefix);
    const after = query.get('start-after') ?? '';
    const limit = Number(query.get('max-keys') ?? 1_000);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    if (query.has('versions'))
      return xml(
        'ListVersionsResult',
        keys.map((key) => entry('Version', key, '<VersionId>null</VersionId>')).join(''),
      );
    const page = keys.slice(0, limit).map((key) => {
      const size = this.objects.get(key)?.bytes.length ?? 0;
      return entry('Contents', key, `<Size>${size}</Size><LastModified>${time}</LastModified>`);
    });
    return xml('ListBucketResult', `<IsTruncated>${keys.length > limit}</IsTruncated>${page.join('')}`);
  }

  #listUploads(prefix: string): PlayedAnswer {
    if (!this.abilities.uploadLists) return failed(501, 'NotImplemented');
    const found = [...this.uploads].filter(([, { key }]) => key.startsWith(prefix));
    const rows = found.map(([id, { key, begunAt }]) =>
      entry('Upload', key, `<UploadId>${id}</UploadId><Initiated>${begunAt}</Initiated>`),
    );
    return xml('ListMultipartUploadsResult', `<IsTruncated>false</IsTruncated>${rows.join('')}`);
  }

  #get({ key, headers }: PlayedRequest): PlayedAnswer {
    const object = this.objects.get(key);
    if (object === undefined) return failed(404, 'NoSuchKey');
    const { bytes, etag, metadata } = object;
    if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return failed(412, 'PreconditionFailed');
    const common = { etag, ...metadata };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers['range'] ?? '') ?? [];
    if (from === undefined) return { status: 200, headers: common, body: bytes };
    if (Number(from) >= bytes.length) return failed(416, 'InvalidRange');
    const end = to === undefined || to === '' ? bytes.length : Math.min(bytes.length, Number(to) + 1);
    const range = `bytes ${from}-${end - 1}/${bytes.length}`;
    return { status: 206, headers: { ...common, 'content-range': range }, body: bytes.subarray(Number(from), end) };
  }

  #put({ key, query, headers, body }: PlayedRequest): PlayedAnswer {
    const copied = headers['x-amz-copy-source'];
    const bytes = copied === undefined ? body : this.#copied(copied, headers['x-amz-copy-source-range']);
    if (bytes === undefined) return failed(404, 'NoSuchKey');
    if (!this.#isRight(bytes, headers['x-amz-checksum-crc32'])) return failed(400, 'BadDigest');
    const upload = query.get('uploadId');
    const etag = etagOf(bytes);
    if (upload !== null) {
      const parts = this.uploads.get(upload)?.parts;
      if (parts === undefined) return failed(404, 'NoSuchUpload');
      parts.set(Number(query.get('partNumber')), bytes);
      return copied === undefined ? { status: 200, headers: { etag } } : xml('CopyPartResult', `<ETag>${etag}</ETag>`);
    }
    if (this.#isRefused(key, headers)) return failed(412, 'PreconditionFailed');
    const source = copied === undefined ? undefined : this.objects.get(keyOf(copied));
    this.objects.set(key, { bytes, etag, metadata: source?.metadata ?? metadataOf(headers) });
    return copied === undefined ? { status: 200, headers: { etag } } : xml('CopyObjectResult', `<ETag>${etag}</ETag>`);
  }

  #beginUpload({ key, headers }: PlayedRequest): PlayedAnswer {
    const id = randomBytes(8).toString('hex');
    this.uploads.set(id, { key, metadata: metadataOf(headers), parts: new Map(), begunAt: new Date().toISOString() });
    return xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
  }

  #complete({ key, query, headers, body }: PlayedRequest): PlayedAnswer {
    const id = query.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (upload === undefined) return failed(404, 'NoSuchUpload');
    if (this.#isRefused(key, headers)) return failed(412, 'PreconditionFailed');
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number));
    const parts = numbers.map((number) => upload.parts.get(number));
    if (parts.includes(undefined)) return failed(400, 'InvalidPart');
    const bytes = Buffer.concat(parts.filter((part) => part !== undefined));
    this.objects.set(key, { bytes, etag: etagOf(bytes), metadata: upload.metadata });
    this.uploads.delete(id);
    return xml('CompleteMultipartUploadResult', `<ETag>${etagOf(bytes)}</ETag>`);
  }

  #copied(source: string, range: string | undefined): Buffer | undefined {
    const bytes = this.objects.get(keyOf(source))?.bytes;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    return from === undefined ? bytes : bytes?.subarray(Number(from), Number(to) + 1);
  }

  #isRefused(key: string, headers: Readonly<Record<string, string>>): boolean {
    return this.abilities.conditions && headers['if-none-match'] === '*' && this.objects.has(key);
  }

  #isRight(bytes: Buffer, checksum: string | undefined): boolean {
    if (!this.abilities.checksums || checksum === undefined) return true;
    return Buffer.from(checksum, 'base64').readUInt32BE() === crc32(bytes);
  }
}

/** An answer that is an error. */
export function failed(status: number, code: string): PlayedAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<Error><Code>${code}</Code></Error>` };
}

const retention = xml(
  'ObjectLockConfiguration',
  '<ObjectLockEnabled>Enabled</ObjectLockEnabled>' +
    '<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule>',
);

function xml(name: string, content: string): PlayedAnswer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: `<${name}>${content}</${name}>` };
}

function entry(name: string, key: string, more: string): string {
  return `<${name}><Key>${key}</Key>${more}</${name}>`;
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function keyOf(copySource: string): string {
  return copySource.slice(copySource.indexOf('/') + 1);
}

function metadataOf(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')));
}
