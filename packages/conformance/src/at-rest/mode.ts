import type { Feature, Profile } from '../model/feature.ts';

/** A way of storing a file. */
export interface StorageMode {
  readonly id: 'none' | 'sse-b2' | 'sse-s3' | 'sse-c';
  readonly title: string;
  readonly encrypted: boolean;
}

const none: StorageMode = { id: 'none', title: 'files that ask for no encryption', encrypted: false };
const sseB2: StorageMode = { id: 'sse-b2', title: 'files with SSE-B2', encrypted: true };
const sseS3: StorageMode = { id: 'sse-s3', title: 'objects with SSE-S3', encrypted: true };
const sseC: StorageMode = { id: 'sse-c', title: 'files with SSE-C', encrypted: true };

/** The modes of a profile that the target declares. Where every file is encrypted, there is no plain one. */
export function modesOf(profile: Profile, declared: ReadonlySet<Feature>): readonly StorageMode[] {
  const managed = profile === 's3' ? sseS3 : sseB2;
  return [
    ...(profile === 'b2-2026' ? [] : [none]),
    ...(declared.has(profile === 's3' ? 'sse-s3' : 'sse-b2') ? [managed] : []),
    ...(declared.has('sse-c') ? [sseC] : []),
  ];
}
