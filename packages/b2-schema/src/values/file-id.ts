import { isBucketId, type BucketId, type FileId } from './ids.ts';

/** What kind of file an id belongs to. The service gives copies and hide markers the kind of small files. */
export type FileIdKind = 'small' | 'large' | 'part' | 'tiny';

/** The digit behind `_f`. */
const kindDigits: Readonly<Record<FileIdKind, string>> = { small: '1', large: '2', part: '3', tiny: '4' };

/** What a file id is made of. */
export interface FileIdParts {
  readonly bucketId: BucketId;
  readonly kind: FileIdKind;
  /** 16 lower-case hex digits that make the id unique; the examples in the service's docs have 15. */
  readonly unique: string;
  /** Milliseconds since the epoch; the id keeps whole seconds only. */
  readonly timestamp: number;
  /** 0 to 999. */
  readonly cluster?: number;
  /** 0 to 9,999,999. */
  readonly vault?: number;
  /** 0 to 9,999. */
  readonly thread?: number;
}

const shape =
  /^4_z(?<bucketId>[0-9a-f]{24})_f(?<kind>[1-4])(?<unique>[0-9a-f]{15,16})_d(?<date>\d{8})_m(?<time>\d{6})_c(?<cluster>\d{3})_v(?<vault>\d{7})_t(?<thread>\d{4})(?:_u\d{14})?$/;
const uniqueShape = /^[0-9a-f]{15,16}$/;

/**
 * Builds an id of the shape the service uses, `4_z<bucketId>_f<T><16 hex>_d<date>_m<time>_c…_v…_t…`, because clients
 * look into ids: b2sdk takes the kind of a version from the digit behind `_f`.
 *
 * @throws RangeError if a part does not fit its place.
 */
export function formatFileId(parts: FileIdParts): FileId {
  const { bucketId, kind, unique, timestamp, cluster = 0, vault = 0, thread = 0 } = parts;
  if (!isBucketId(bucketId) || !uniqueShape.test(unique)) throw new RangeError('A part of the file id is malformed');
  // "2026-11-24T08:15:30.123Z"
  const iso = new Date(timestamp).toISOString();
  const date = iso.slice(0, 10).replaceAll('-', '');
  const time = iso.slice(11, 19).replaceAll(':', '');
  if (date.length !== 8) throw new RangeError('The timestamp of a file id must be in the years 0 to 9999');
  const place = `c${digits(cluster, 3)}_v${digits(vault, 7)}_t${digits(thread, 4)}`;
  return `4_z${bucketId}_f${kindDigits[kind]}${unique}_d${date}_m${time}_${place}` as FileId;
}

function digits(value: number, width: number): string {
  const text = String(value).padStart(width, '0');
  if (!Number.isSafeInteger(value) || value < 0 || text.length > width) {
    throw new RangeError('A number of the file id does not fit its place');
  }
  return text;
}

/**
 * The parts of a file id, or undefined if the text is no file id. Ids of the service that end with `_u<milliseconds>`
 * are accepted too.
 */
export function parseFileId(text: string): Required<FileIdParts> | undefined {
  const found = shape.exec(text)?.groups;
  const timestamp = found === undefined ? Number.NaN : timestampOf(found['date'] ?? '', found['time'] ?? '');
  if (found === undefined || Number.isNaN(timestamp)) return undefined;
  const kind = (Object.keys(kindDigits) as FileIdKind[]).find((name) => kindDigits[name] === found['kind']);
  if (kind === undefined) return undefined;
  return {
    bucketId: found['bucketId'] as BucketId,
    kind,
    unique: found['unique'] ?? '',
    timestamp,
    cluster: Number(found['cluster']),
    vault: Number(found['vault']),
    thread: Number(found['thread']),
  };
}

function timestampOf(date: string, time: string): number {
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const iso = `${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z`;
  const parsed = Date.parse(iso);
  // Date takes "February 30" and moves on to March.
  return !Number.isNaN(parsed) && new Date(parsed).toISOString() === iso ? parsed : Number.NaN;
}

/** Whether the text has the shape of a file id. */
export function isFileId(text: string): text is FileId {
  return parseFileId(text) !== undefined;
}
