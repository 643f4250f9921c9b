import { encodeHex } from '@coffer/bytes';
import type { Clock, RandomSource } from '@coffer/storage-ports';

/** The three digits by which B2's ids name a cluster; this server is one. */
export const cluster = '001';

interface IdSources {
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** 12 hexadecimal digits. */
export function makeAccountId({ random }: IdSources): string {
  return encodeHex(random.bytes(6));
}

/** 24 hexadecimal digits. */
export function makeBucketId({ random }: IdSources): string {
  return encodeHex(random.bytes(12));
}

/** 32 hexadecimal digits, the first 16 of them the owner's, if the blob has one. */
export function makeBlobId({ random }: Pick<IdSources, 'random'>, owner: string | null): string {
  return owner === null ? encodeHex(random.bytes(16)) : owner + encodeHex(random.bytes(8));
}

/** 32 hexadecimal digits. */
export function makeNotificationRuleId({ random }: IdSources): string {
  return encodeHex(random.bytes(16));
}

/** 32 hexadecimal digits. */
export function makeEventId({ random }: IdSources): string {
  return encodeHex(random.bytes(16));
}

/**
 * 25 hexadecimal digits, as B2's: the cluster, the first six digits of the account, and 16 random ones. B2 has a
 * counter there; after a restore from a backup, a counter would give an id a second time, and what was known of the
 * first key would apply to the second.
 */
export function makeApplicationKeyId({ random }: Pick<IdSources, 'random'>, accountId: string): string {
  return `${cluster}${accountId.slice(0, 6)}${encodeHex(random.bytes(8))}`;
}

/**
 * `4_z<bucket>_f<kind><16 hex>_d<date>_m<time>_c<cluster>_v<7 digits>_t<4 digits>`: the shape of B2's ids, which
 * clients read the kind from. The first 11 of the 16 digits are the milliseconds since the epoch, so ids of one bucket
 * and kind sort by time.
 */
export function makeFileId({ clock, random }: IdSources, bucketId: string, kind: 'small' | 'large'): string {
  const now = clock.now();
  const stamp = new Date(now).toISOString();
  const date = stamp.slice(0, 10).replaceAll('-', '');
  const time = stamp.slice(11, 19).replaceAll(':', '');
  const unique = now.toString(16).padStart(11, '0') + encodeHex(random.bytes(3)).slice(0, 5);
  const digits = randomDigits(random, 11);
  const place = `c${cluster}_v${digits.slice(0, 7)}_t${digits.slice(7)}`;
  return `4_z${bucketId}_f${kind === 'small' ? 1 : 2}${unique}_d${date}_m${time}_${place}`;
}

const fileIdShape =
  /^4_z[0-9a-f]{24}_f[12]([0-9a-f]{11})[0-9a-f]{5}_d[0-9]{8}_m[0-9]{6}_c[0-9]{3}_v[0-9]{7}_t[0-9]{4}$/;

/** When a file id was made, in milliseconds since the epoch; undefined if it is none of this server's. */
export function creationTimeOf(fileId: string): number | undefined {
  const digits = fileIdShape.exec(fileId)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Whether a record can have this id at all; anything else would not fit into a key. */
export function isPossibleId(id: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(id);
}

function randomDigits(random: RandomSource, count: number): string {
  const bytes = random.bytes(8);
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) % 10n ** BigInt(count);
  return number.toString().padStart(count, '0');
}

/** Whether a text has the form of the ids that file versions have here. */
export function isFileId(text: string): boolean {
  return fileIdShape.test(text);
}
