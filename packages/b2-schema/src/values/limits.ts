/**
 * Limits of the B2 Native API (B2 docs "Files", "Large Files", "Buckets" and the page of each operation). Sizes in
 * bytes.
 */

/** Longest body of `b2_upload_file`, and longest part: the docs say both 5 GB and 5 GiB; the larger is taken. */
export const maxUploadSize = 5 * 1024 ** 3;
/** Longest part of a large file. */
export const maxPartSize = maxUploadSize;
/** Longest result of `b2_copy_file`, and longest part copied by `b2_copy_part`. */
export const maxCopySize = maxUploadSize;
/** Longest large file: 10 TB. */
export const maxLargeFileSize = 10_000_000_000_000;
/** Shortest part that is not the last, unless a server says otherwise. */
export const absoluteMinimumPartSize = 5_000_000;
/** Bytes that clients are told to put in a part. */
export const recommendedPartSize = 100_000_000;
/** The number of a large file's first part. */
export const minPartNumber = 1;
/** The largest part number, and so the most parts of a file. */
export const maxPartNumber = 10_000;
/** A large file has at least so many parts. */
export const minPartCount = 2;

/** File name in bytes of UTF-8. */
export const maxFileNameBytes = 1024;
/** File name and file info, as sent in headers. */
export const maxFileInfoSize = 7000;
/** The same for a file with server-side encryption, or in a bucket with Object Lock. */
export const maxFileInfoSizeProtected = 2048;
/** Name of one file info entry. */
export const maxFileInfoKeyBytes = 50;

/** Characters of a content type, and of the `Cache-Control` of a bucket. The docs give no limit; this is Coffer's. */
export const maxHeaderTextLength = 1024;

/** Buckets that an account may have. */
export const maxBucketsPerAccount = 100;
/** Entries of `bucketInfo`. */
export const maxBucketInfoEntries = 10;
/** CORS rules of a bucket. */
export const maxCorsRules = 100;
/** Sum of the UTF-8 bytes of all strings of one CORS rule; must stay below. */
export const maxCorsRuleBytes = 1000;
/** `maxAgeSeconds` of a CORS rule. */
export const maxCorsAgeSeconds = 86_400;
/** Lifecycle rules of a bucket. */
export const maxLifecycleRules = 100;
/** Replication rules of a bucket. The docs give no limit; this is Coffer's. */
export const maxReplicationRules = 100;
/** Entries of a list in a CORS rule: what fits into {@link maxCorsRuleBytes}. */
export const maxCorsRuleEntries = maxCorsRuleBytes;
/** Event notification rules of a bucket. */
export const maxNotificationRules = 25;
/** `maxEventsPerBatch` of an event notification rule. */
export const maxEventsPerBatch = 50;
/** `maxEventsPerBatch` where a rule has none. */
export const defaultEventsPerBatch = 1;
/** Custom headers of a webhook. */
export const maxCustomHeaders = 10;
/** UTF-8 bytes of the names and values of a webhook's custom headers together. */
export const maxCustomHeaderBytes = 2048;
/** Characters in the URL of a webhook. The docs give no limit; this is Coffer's. */
export const maxWebhookUrlLength = 2048;
/** Period of a retention. */
export const maxRetentionDays = 3000;

/** Rows of one listing of files or parts. */
export const maxListCount = 10_000;
/** Rows of a page when the request names no number. */
export const defaultListCount = 100;
/** Rows of one listing of unfinished large files; more are cut down to this. */
export const maxUnfinishedCount = 100;

/** `validDurationInSeconds` of an application key: below 1,000 days. */
export const maxKeyDurationSeconds = 86_400_000;
/** `validDurationInSeconds` of a download authorization: a week. */
export const maxDownloadAuthorizationSeconds = 604_800;
/** Life of an account or upload token: 24 hours. */
export const maxTokenSeconds = 86_400;

/** Characters of a file id. */
export const maxFileIdLength = 200;
