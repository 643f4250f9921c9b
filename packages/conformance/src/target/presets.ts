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
    features: [
      ...encryptedS3,
      'sse-b2',
      'application-keys',
      'large-files',
      'object-lock',
      'virtual-host',
      'public-buckets',
      'download-authorizations',
      'cross-api',
    ],
    note:
      'Takes SSE-C over HTTPS only. A run stores some files of a little more than 5 MB, and removes them. Public ' +
      'buckets need an account that has paid before.',
  },
  'aws-s3': {
    title: 'AWS S3',
    features: [
      ...encryptedS3,
      'conditional-writes',
      'object-lock',
      'checksums',
      'aws-chunked',
      'part-number',
      'virtual-host',
      'forms',
    ],
    note: 'New buckets refuse SSE-C until their blocked encryption types are cleared, and encrypt all objects.',
  },
  minio: {
    title: 'MinIO',
    features: [...versionedS3, 'sse-c', 'object-lock'],
    note:
      'Takes SSE-C over HTTPS only. Add sse-s3 and default-encryption where a KMS is configured, virtual-host where ' +
      'MINIO_DOMAIN is set.',
  },
  'ceph-rgw': {
    title: 'Ceph RADOS Gateway',
    features: [...encryptedS3, 'object-lock', 'forms'],
    note:
      'SSE-S3 needs a key service. SSE-C over plain HTTP needs rgw_crypt_require_ssl = false. Add virtual-host where ' +
      'rgw_dns_name is set.',
  },
  garage: { title: 'Garage', features: [...plainS3, 'sse-c'] },
  seaweedfs: { title: 'SeaweedFS', features: encryptedS3 },
  localstack: { title: 'LocalStack', features: encryptedS3 },
  moto: { title: 'moto', features: encryptedS3, note: 'A mock: it stores what it is told of encryption.' },
  'rclone-serve-s3': { title: 'rclone serve s3', features: ['multipart', 'copies', 'conditional-reads', 'presigned'] },
  versitygw: { title: 'Versity Gateway', features: plainS3 },
};
