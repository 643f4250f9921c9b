import { SecretString, type SecretString as Secret } from '@coffer/bytes';
import * as z from 'zod';
import { domainList, onOff, onOrOff, oneOfNumbers, originUrl, region, regionList } from '../fields.ts';
import { listenAddressOrOff } from '../listen-address.ts';
import { s3 } from '../s3-config.ts';
import type { Settings } from './setting.ts';

const heading = 'S3 Compatible API';

export const s3Settings = {
  s3: {
    schema: onOrOff.default(true),
    heading,
    value: 'on|off',
    description: 'serve the S3 Compatible API beside the B2 Native API, over the same files',
    default: 'on',
    use: s3,
  },
  s3Listen: {
    schema: listenAddressOrOff.default('off'),
    heading,
    value: 'HOST:PORT|off',
    description: 'a listener for S3 only, HTTPS where TLS is on; the other listeners then serve B2 only',
    default: 'off: the other listeners serve both',
    use: s3,
  },
  s3PublicUrl: {
    schema: originUrl.optional(),
    heading,
    value: 'URL',
    description: 'origin that clients are told to use for S3, for a server behind a proxy',
    default: 'where the listener for S3 is, otherwise as for B2',
    use: s3,
  },
  s3KeyId: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9]{16,128}$/, { error: 'must be 16 to 128 letters and digits' })
      .optional(),
    heading,
    value: 'ID',
    description: 'id of an application key for S3 that the server makes at its start, for tests and CI',
    default: 'none is made',
    use: s3,
  },
  s3Key: {
    schema: z
      .custom<Secret>((value) => value instanceof SecretString, {
        error: 'is a secret: give it in the environment variable COFFER_S3_KEY',
      })
      .refine((secret) => secret.expose((text) => /^[!-~]{16,128}$/.test(text)), {
        error: 'must be 16 to 128 printable characters without spaces',
      })
      .optional(),
    heading,
    description: 'secret of that key, 16 to 128 characters; the key may do everything that S3 knows',
    default: 'none is made',
    isSecret: true,
    use: s3,
  },
  s3Region: {
    schema: region.default('us-east-1'),
    heading,
    value: 'REGION',
    description: 'region of all buckets, by which clients sign requests',
    use: s3,
  },
  s3RegionAliases: {
    schema: regionList.default([]),
    heading,
    value: 'REGION',
    repeatable: true,
    description: 'another name of the region that clients may sign with; may be given again',
    use: s3,
  },
  s3Domains: {
    schema: domainList.optional(),
    heading,
    value: 'NAME',
    repeatable: true,
    description:
      'host name below which <bucket>.NAME leads to a bucket; may be given again. Other requests have the bucket in ' +
      'their path',
    default: 'localhost, and the host names of the public URLs',
    use: s3,
  },
  sseCWrongKeyStatus: {
    schema: oneOfNumbers(403, 400).default(403),
    heading,
    value: '403|400',
    description: 'status of the answer of S3 to a wrong SSE-C key: 403 as AWS, 400 as some other servers',
    use: s3,
  },
  s3CompleteRequiresKey: {
    schema: onOff.default(false),
    heading,
    description: 'refuse to complete a multipart upload with SSE-C without its key, which AWS does not ask for',
    use: s3,
  },
  s3PartNumberOutOfRange: {
    schema: oneOfNumbers(416, 400).default(416),
    heading,
    value: '416|400',
    description: 'status of the answer to a part number that an object does not have: 416 as AWS, or 400',
    use: s3,
  },
  b2StrictS3: {
    schema: onOff.default(false),
    heading,
    description: "be as strict as Backblaze's own S3 where that allows less than AWS, such as no conditional writes",
    use: s3,
  },
} as const satisfies Settings;
