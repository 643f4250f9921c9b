import type { Feature } from '../model/feature.ts';

/** A product, and which features its documentation has. A target's own `features` replace them. */
export interface Preset {
  readonly title: string;
  readonly features: readonly Feature[];
  /** What to know before a run. */
  readonly note?: string;
}

const plainS3 = ['multipart', 'copies', 'conditional-reads', 'presigned'] as const;
const versionedS3 = [...plainS3, 'versions'] as const;
const encryptedS3 = [...versionedS3, 'sse-s3', 'sse-c', 'default-encryption'] as const;

export const presetNames = [
  'backblaze-b2',
  'aws-s3',
  'minio',
  'ceph-rgw',
  'garage',
  'seaweedfs',
  'localstack',
  'moto',
  'rclone-serve-s3',
  'versitygw',
] as const;
export type PresetName = (typeof presetNames)[number];

/** The known products, by the names that a target's `preset` takes. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  'backblaze-b2': {
    title: 'Backblaze B2',
    features: [...encryptedS3, 'sse-b2', 'application-keys', 'large-files'],
    note: 'Takes SSE-C over HTTPS only. A run stores some files of a little more than 5 MB, and removes them.',
  },
  'aws-s3': {
    title: 'AWS S3',
    features: encryptedS3,
    note: 'New buckets refuse SSE-C until their blocked encryption types are cleared, and encrypt all objects.',
  },
  minio: {
    title: 'MinIO',
    features: [...versionedS3, 'sse-c'],
    note: 'Takes SSE-C over HTTPS only. Add sse-s3 and default-encryption where a KMS is configured.',
  },
  'ceph-rgw': {
    title: 'Ceph RADOS Gateway',
    features: encryptedS3,
    note: 'SSE-S3 needs a key service. SSE-C over plain HTTP needs rgw_crypt_require_ssl = false.',
  },
  garage: { title: 'Garage', features: [...plainS3, 'sse-c'] },
  seaweedfs: { title: 'SeaweedFS', features: encryptedS3 },
  localstack: { title: 'LocalStack', features: encryptedS3 },
  moto: { title: 'moto', features: encryptedS3, note: 'A mock: it stores what it is told of encryption.' },
  'rclone-serve-s3': { title: 'rclone serve s3', features: ['multipart', 'copies', 'conditional-reads', 'presigned'] },
  versitygw: { title: 'Versity Gateway', features: plainS3 },
};
