const decoder = new TextDecoder();
const closingBytes = 2;

/** The text that follows the bucket's id, which is ASCII, in a key of two texts, which has no zero characters. */
export function textAfterBucket(bucketId: string, key: Uint8Array): string {
  return decoder.decode(key.subarray(bucketId.length + closingBytes, key.length - closingBytes));
}
