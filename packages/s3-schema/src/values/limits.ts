/**
 * Limits of the S3 Compatible API (B2 docs "S3 Compatible API", "Files", "Large Files"; AWS docs of each operation).
 * Sizes in bytes.
 */

/** Longest key, in UTF-8. */
export const maxKeyBytes = 1024;
/** Longest object of one upload or copy, and longest part. */
export const maxUploadSize = 5 * 1024 ** 3;
/** Longest object of a multipart upload. */
export const maxMultipartSize = 10_000_000_000_000;
/** Shortest part that is not the last. */
export const minPartSize = 5_000_000;
/** The largest part number, and so the most parts of an upload. */
export const maxPartNumber = 10_000;

/** Key, and names and values of the metadata. */
export const maxMetadataSize = 7000;
/** The same for an object with server-side encryption, or in a bucket with Object Lock. */
export const maxMetadataSizeProtected = 2048;
/** Name of one entry of the metadata, without `x-amz-meta-`. */
export const maxMetadataNameBytes = 50;

/** Entries of a page of any list. */
export const maxListCount = 1000;
/** Buckets of a page of `ListBuckets`. */
export const maxListBuckets = 10_000;
/** Objects of one `DeleteObjects`. */
export const maxDeleteCount = 1000;
/** Rules of a lifecycle configuration. */
export const maxLifecycleRules = 1000;
/** Rules of a CORS configuration. */
export const maxCorsRules = 100;
/** `MaxAgeSeconds` of a CORS rule. */
export const maxCorsAgeSeconds = 86_400;
/** Characters of the `ID` of a rule. */
export const maxRuleIdLength = 255;
/** Days of a default retention. */
export const maxRetentionDays = 3000;

/** A document in the body of a request. */
export const maxXmlBytes = 1024 ** 2;
/** The same for `DeleteObjects` and `CompleteMultipartUpload`. */
export const maxLongXmlBytes = 4 * 1024 ** 2;
/** The same for a CORS configuration. */
export const maxCorsXmlBytes = 100 * 1024;
/** All fields of a browser's form together, without the file. */
export const maxFormFieldBytes = 20_480;
