import { shellWord } from './client-lines.ts';

/** What the lines for clients of S3 are made of. */
export interface S3Lines {
  readonly endpoint: string;
  readonly region: string;
  /** The secret, where it may be shown; otherwise the command that shows the key, or the variable that holds it. */
  readonly key:
    | { readonly id: string; readonly secret: string }
    | { readonly id: string; readonly variable: string }
    | { readonly showCommand: string };
  /** File with the certificate that clients have to trust; undefined if they trust it anyway. */
  readonly certificateFile: string | undefined;
  /** A bucket that exists; undefined: none is known. */
  readonly bucket: string | undefined;
  /** Whether buckets and files are made. At later starts there may be some, so nothing is made again. */
  readonly isFirstStart: boolean;
}

/** The bucket that the lines make: not that of the lines for B2, so that each part works without the others. */
const newBucket = 'my-s3-bucket';

/** Lines to paste into a shell, for clients of S3. The key goes through environment variables, as for B2. */
export function s3Lines(lines: S3Lines): readonly string[] {
  const client = lines.isFirstStart ? firstObject(lines) : ['aws s3 ls'];
  return [
    ...keyLines(lines),
    '',
    '# The AWS CLI (pip install awscli; before 1.29 and 2.13 it ignores AWS_ENDPOINT_URL and asks AWS)',
    ...client,
    '',
    '# boto3 (pip install boto3)',
    `python3 -c "import boto3; print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])"`,
    '',
    ...rcloneLines(lines),
    ...resticLines(lines),
  ];
}

/** Lines that set the key in the variables of AWS's tools. */
export function s3KeyExports(id: string, secret: string): readonly string[] {
  return [`export AWS_ACCESS_KEY_ID=${shellWord(id)}`, `export AWS_SECRET_ACCESS_KEY=${shellWord(secret)}`];
}

function keyLines({ key, endpoint, region, certificateFile }: S3Lines): readonly string[] {
  const trust = certificateFile === undefined ? '' : ` AWS_CA_BUNDLE=${shellWord(certificateFile)}`;
  return [
    '# An application key for S3, which does not take the master key',
    ...exportsOf(key),
    `export AWS_DEFAULT_REGION=${shellWord(region)} AWS_ENDPOINT_URL=${shellWord(endpoint)}${trust}`,
  ];
}

function exportsOf(key: S3Lines['key']): readonly string[] {
  if ('showCommand' in key) return [`eval "$(${key.showCommand})"`];
  if ('secret' in key) return s3KeyExports(key.id, key.secret);
  return [`export AWS_ACCESS_KEY_ID=${shellWord(key.id)} AWS_SECRET_ACCESS_KEY="$${key.variable}"`];
}

function firstObject({ bucket }: S3Lines): readonly string[] {
  const target = `s3://${bucket ?? newBucket}/hello-s3.txt`;
  const upload = `echo 'hello world' > hello.txt && aws s3 cp --sse AES256 hello.txt ${target}`;
  return bucket === undefined ? [`aws s3 mb s3://${newBucket}`, upload] : [upload];
}

function rcloneLines({ bucket, certificateFile, endpoint, isFirstStart }: S3Lines): readonly string[] {
  const trust = certificateFile === undefined ? '' : ` --ca-cert ${shellWord(certificateFile)}`;
  const listing = isFirstStart ? `lsf :s3:${bucket ?? newBucket}` : 'lsd :s3:';
  const options = `--s3-provider Other --s3-env-auth --s3-endpoint ${shellWord(endpoint)}${trust}`;
  // Its library for AWS refuses the variable that AWS's own tools need.
  const rclone = certificateFile === undefined ? 'rclone' : 'env -u AWS_CA_BUNDLE rclone';
  return ['# rclone, its s3 backend', `${rclone} ${listing} ${options}`];
}

/** A repository is made, so these lines are for a first start only. */
function resticLines({ bucket, certificateFile, endpoint, isFirstStart }: S3Lines): readonly string[] {
  if (!isFirstStart) return [];
  const trust = certificateFile === undefined ? '' : ` --cacert ${shellWord(certificateFile)}`;
  const repository = shellWord(`s3:${endpoint}/${bucket ?? newBucket}/restic`);
  return [
    '',
    '# restic',
    `export RESTIC_REPOSITORY=${repository} RESTIC_PASSWORD='choose one of your own'`,
    `restic${trust} init && restic${trust} backup hello.txt`,
  ];
}
