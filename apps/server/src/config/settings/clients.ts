import { onOff, wholeNumber } from '../fields.ts';
import * as own from '../own-config.ts';
import type { Settings } from './setting.ts';

/** Largest part: B2's documents say 5 GB, its clients allow 5 GiB. */
const largestPart = 5 * 1024 ** 3;
/** A list of buckets, and the count before one is made, read the rows of all of them. */
const mostBuckets = 10_000;
const heading = 'What clients may do';

export const clientsSettings = {
  allowInsecureCustomerKeys: {
    schema: onOff.default(false),
    heading,
    description: 'accept SSE-C keys over plain HTTP from other machines too',
    use: 'protocol',
  },
  allowKeylessHead: {
    schema: onOff.default(false),
    heading,
    description: 'answer HEAD of an SSE-C file without its key',
    use: 'protocol',
  },
  consoleEncryptedDownloads: {
    schema: onOff.default(false),
    heading,
    description: 'let the web console download encrypted files; when off, it says how the b2 tool does that',
    use: own.console,
  },
  ignoreUnneededCustomerKey: {
    schema: onOff.default(false),
    heading,
    description: 'ignore an SSE-C key given to read a file that is not SSE-C, instead of refusing',
    use: 'storage',
  },
  strictFileNames: {
    schema: onOff.default(false),
    heading,
    description: 'refuse new file names with //, a slash at an end, a backslash or a segment over 250 bytes',
    use: 'protocol',
  },
  grantOnlyOwnCapabilities: {
    schema: onOff.default(false),
    heading,
    description:
      'let a key make only keys that may do no more than itself: no other capability, bucket or name, nor for longer',
    use: 'protocol',
  },
  customTimestamps: {
    schema: onOff.default(false),
    heading,
    description: 'let uploads set their own upload timestamp',
    use: 'storage',
  },
  maximumBuckets: {
    schema: wholeNumber(1, mostBuckets).default(100),
    heading,
    value: 'NUMBER',
    description: 'buckets that an account may have',
    use: 'storage',
  },
  minimumPartSize: {
    schema: wholeNumber(1, largestPart).default(5_000_000),
    heading,
    value: 'BYTES',
    description: 'smallest part of a large file, except the last',
    use: 'storage',
  },
  recommendedPartSize: {
    schema: wholeNumber(1, largestPart).optional(),
    heading,
    value: 'BYTES',
    description: 'part size that clients are told to use',
    default: '100000000, or the minimum if that is larger',
    use: own.recommendedPartSize,
  },
} as const satisfies Settings;
