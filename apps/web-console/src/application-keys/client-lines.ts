import { visibleText } from '../format/visible-text.ts';
import { shellWord } from './shell-word.ts';

/** What the lines for clients are made of. */
export interface KeyForClients {
  readonly keyId: string;
  readonly key: string;
  /** As the server tells it to its clients. */
  readonly apiUrl: string;
  readonly s3ApiUrl: string;
  /** The region that clients of S3 sign for; undefined if the server has not told it. */
  readonly s3Region: string | undefined;
  /** One of the buckets that the key is for; undefined: it is for all. */
  readonly bucket: string | undefined;
  /** What all names begin with that the key is for; empty: it is for all. */
  readonly namePrefix: string;
}

/** A program that can use an application key. */
export type ClientProgram = 'b2' | 'rcloneB2' | 'rcloneS3' | 'restic' | 'aws' | 'boto3';

/** Those that need the S3 Compatible API. */
export const s3Programs: readonly ClientProgram[] = ['rcloneS3', 'restic', 'aws', 'boto3'];

/** The bucket in the lines for a key of all buckets. */
const someBucket = 'my-bucket';

/**
 * Lines to paste into a POSIX shell, with which a program uses the key. The key goes through environment variables, so
 * that it is in no list of processes.
 */
export function clientLines(program: ClientProgram, given: KeyForClients): string {
  return [...hiddenRemark(given), ...lines[program](given)].join('\n');
}

const lines: Readonly<Record<ClientProgram, (given: KeyForClients) => readonly string[]>> = {
  b2: (given) => [
    ...b2Exports(given),
    // A file of its own, so that no login to another service is replaced.
    'export B2_ACCOUNT_INFO="$HOME/.b2_account_info_coffer"',
    `export B2_ENVIRONMENT=${shellWord(given.apiUrl)}`,
    // It prints the application key.
    'b2 account authorize > /dev/null',
    given.bucket === undefined ? 'b2 bucket list' : `b2 ls ${shellWord(`b2://${given.bucket}/${shownPrefix(given)}`)}`,
  ],
  rcloneB2: (given) => [
    ...b2Exports(given),
    'export RCLONE_B2_ACCOUNT="$B2_APPLICATION_KEY_ID" RCLONE_B2_KEY="$B2_APPLICATION_KEY"',
    `rclone ${rcloneListing('b2', given)} --b2-endpoint ${shellWord(given.apiUrl)}`,
  ],
  rcloneS3: (given) => [
    ...s3Exports(given),
    [
      `rclone ${rcloneListing('s3', given)} --s3-provider Other --s3-env-auth`,
      `--s3-region ${shellWord(regionOf(given))} --s3-endpoint ${shellWord(given.s3ApiUrl)}`,
    ].join(' '),
  ],
  restic: (given) => {
    const folder = `${given.bucket ?? someBucket}/${shownPrefix(given)}`;
    return [
      ...s3Exports(given),
      `export RESTIC_REPOSITORY=${shellWord(`s3:${given.s3ApiUrl}/${folder}restic`)}`,
      `export RESTIC_PASSWORD='choose one of your own'`,
      'restic init',
    ];
  },
  aws: (given) => [
    ...s3Exports(given),
    given.bucket === undefined ? 'aws s3 ls' : `aws s3 ls ${shellWord(`s3://${given.bucket}/${shownPrefix(given)}`)}`,
  ],
  boto3: (given) => [...s3Exports(given), `python3 -c ${shellWord(boto3Program(given))}`],
};

function b2Exports({ keyId, key }: KeyForClients): readonly string[] {
  return [`export B2_APPLICATION_KEY_ID=${shellWord(keyId)}`, `export B2_APPLICATION_KEY=${shellWord(key)}`];
}

function s3Exports(given: KeyForClients): readonly string[] {
  const { keyId, key, s3ApiUrl } = given;
  return [
    `export AWS_ACCESS_KEY_ID=${shellWord(keyId)}`,
    `export AWS_SECRET_ACCESS_KEY=${shellWord(key)}`,
    `export AWS_DEFAULT_REGION=${shellWord(regionOf(given))} AWS_ENDPOINT_URL=${shellWord(s3ApiUrl)}`,
  ];
}

/** Addresses of the service name their region; other servers that do not tell it have the usual one. */
function regionOf({ s3Region, s3ApiUrl }: KeyForClients): string {
  return s3Region ?? /^https:\/\/s3\.([a-z0-9-]+)\.backblazeb2\.com$/.exec(s3ApiUrl)?.[1] ?? 'us-east-1';
}

function rcloneListing(remote: 'b2' | 's3', given: KeyForClients): string {
  if (given.bucket === undefined) return `lsd :${remote}:`;
  return `lsf ${shellWord(`:${remote}:${given.bucket}/${shownPrefix(given)}`)}`;
}

function boto3Program(given: KeyForClients): string {
  const { bucket } = given;
  const client = `import boto3; s3 = boto3.client("s3"); `;
  if (bucket === undefined) return `${client}print([b["Name"] for b in s3.list_buckets()["Buckets"]])`;
  // A text of JSON is the same text in Python.
  const place = `Bucket=${JSON.stringify(bucket)}, Prefix=${JSON.stringify(shownPrefix(given))}`;
  return `${client}print([o["Key"] for o in s3.list_objects_v2(${place}).get("Contents", [])])`;
}

/** A prefix with characters that cannot be seen is left out: nobody should paste what looks like something else. */
function shownPrefix({ namePrefix }: KeyForClients): string {
  return visibleText(namePrefix) === namePrefix ? namePrefix : '';
}

function hiddenRemark(given: KeyForClients): readonly string[] {
  if (shownPrefix(given) === given.namePrefix) return [];
  return ['# Put the prefix of the key behind the bucket: it has characters that cannot be shown here.'];
}
