/** What the lines for clients are made of. */
export interface ClientLines {
  readonly endpoint: string;
  readonly keyId: string;
  /**
   * The secret, where it may be shown; otherwise the command that shows it, or the environment variable that holds it.
   */
  readonly key: { readonly secret: string } | { readonly showCommand: string } | { readonly variable: string };
  /**
   * File with the certificate that clients have to trust; undefined if they trust the endpoint's certificate anyway.
   */
  readonly certificateFile: string | undefined;
  /** A bucket that exists; undefined: none is known. */
  readonly bucket: string | undefined;
  /**
   * Whether this is the first start. At later ones, buckets and files may exist already, so lines that would make them
   * again are left out.
   */
  readonly isFirstStart: boolean;
}

/** The bucket that the lines make. */
const newBucket = 'my-bucket';

/**
 * Lines to paste into a shell. The key goes through environment variables, so that it is in no process list.
 *
 * `B2_ACCOUNT_INFO` is where the b2 tool keeps its login: a file of its own, so that nobody's login to Backblaze is
 * replaced. `B2_ENVIRONMENT` tells the b2 tool (4.x) to use another realm than Backblaze's, for every command; `account
 * authorize --environment` would set it for that one command only.
 */
export function clientLines(lines: ClientLines): readonly string[] {
  return [...keyLines(lines), '', ...b2Lines(lines), '', ...rcloneLines(lines), '', ...curlLines(lines)];
}

function keyLines({ keyId, key }: ClientLines): readonly string[] {
  const title = '# The master application key, for all of the lines below';
  if ('showCommand' in key) return [title, `eval "$(${key.showCommand})"`];
  if ('variable' in key)
    return [title, `export B2_APPLICATION_KEY_ID=${shellWord(keyId)} B2_APPLICATION_KEY="$${key.variable}"`];
  return [title, ...keyExports(keyId, key.secret)];
}

/** Lines that set the variables of the b2 tool. */
export function keyExports(keyId: string, secret: string): readonly string[] {
  return [`export B2_APPLICATION_KEY_ID=${shellWord(keyId)}`, `export B2_APPLICATION_KEY=${shellWord(secret)}`];
}

function b2Lines(lines: ClientLines): readonly string[] {
  const { endpoint, certificateFile } = lines;
  return [
    '# The b2 command-line tool (pip install b2)',
    'export B2_ACCOUNT_INFO="$HOME/.b2_account_info_coffer"',
    `export B2_ENVIRONMENT=${shellWord(endpoint)}`,
    ...trust(certificateFile, (file) => [`export REQUESTS_CA_BUNDLE=${file}`]),
    'b2 account authorize',
    ...(lines.isFirstStart ? firstFile(lines) : ['b2 bucket list']),
  ];
}

function firstFile({ bucket }: ClientLines): readonly string[] {
  const creation = `b2 bucket create --default-server-side-encryption SSE-B2 ${newBucket} allPrivate`;
  const upload = `echo 'hello world' > hello.txt && b2 file upload ${bucket ?? newBucket} hello.txt hello.txt`;
  return bucket === undefined ? [creation, upload] : [upload];
}

function rcloneLines({ endpoint, certificateFile, bucket, isFirstStart }: ClientLines): readonly string[] {
  const listing = isFirstStart ? `lsf :b2:${bucket ?? newBucket}` : 'lsd :b2:';
  return [
    '# rclone',
    'export RCLONE_B2_ACCOUNT="$B2_APPLICATION_KEY_ID" RCLONE_B2_KEY="$B2_APPLICATION_KEY"',
    ...trust(certificateFile, (file) => [`export RCLONE_CA_CERT=${file}`]),
    `rclone ${listing} --b2-endpoint ${shellWord(endpoint)}`,
  ];
}

function curlLines({ endpoint, certificateFile }: ClientLines): readonly string[] {
  const options = trust(certificateFile, (file) => [`--cacert ${file} `]).join('');
  return [
    '# curl',
    `curl ${options}-u "$B2_APPLICATION_KEY_ID:$B2_APPLICATION_KEY" ` +
      shellWord(`${endpoint}/b2api/v4/b2_authorize_account`),
  ];
}

function trust(file: string | undefined, lines: (file: string) => readonly string[]): readonly string[] {
  return file === undefined ? [] : lines(shellWord(file));
}

/** Writes a word for a POSIX shell; quotes it only if needed. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
