/** What the store behind the bucket does, as far as it makes a difference. Found out when it is opened. */
export interface S3Abilities {
  /** Whether it refuses to put an object where there is one (`If-None-Match: *`). */
  readonly conditionalPut: boolean;
  /** The same for putting together the parts of one. */
  readonly conditionalComplete: boolean;
  /** Whether it checks a CRC-32 that is sent with a request. What is sent is also covered by the signature. */
  readonly checksums: boolean;
  /** Whether it lists multipart uploads that were not finished, so that they can be swept. */
  readonly listsUploads: boolean;
  /** Whether the bucket keeps old versions of objects, which are then removed by their ids. */
  readonly versions: boolean;
}
