/** What the lines are made of. */
export interface ToolLines {
  /** The origin of the B2 Native API for other clients. */
  readonly apiUrl: string;
  readonly keyId: string;
  readonly bucketName: string;
  readonly fileName: string;
  readonly fileId: string;
  /** The name on the disk. */
  readonly target: string;
  readonly mode: 'SSE-B2' | 'SSE-C';
}

/** Lines for a POSIX shell that download a file with the b2 tool (4.x). Keys are asked for, not written into them. */
export function b2Lines({ apiUrl, keyId, fileId, target, mode }: ToolLines): string {
  const encryption = mode === 'SSE-C' ? '--source-server-side-encryption SSE-C ' : '';
  return group([
    'export B2_ACCOUNT_INFO="$HOME/.b2_account_info_coffer"',
    `export B2_ENVIRONMENT=${shellWord(apiUrl)}`,
    `export B2_APPLICATION_KEY_ID=${shellWord(keyId)}`,
    ...asks('B2_APPLICATION_KEY', 'Application key'),
    ...(mode === 'SSE-C' ? asks('B2_SOURCE_SSE_C_KEY_B64', 'Customer key in base64') : []),
    // It prints the application key.
    'b2 account authorize > /dev/null',
    `b2 file download ${encryption}${shellWord(`b2id://${fileId}`)} ${shellWord(`./${target}`)}`,
  ]);
}

/** The same with rclone, which reads the current version of a name. */
export function rcloneLines({ apiUrl, keyId, bucketName, fileName, target, mode }: ToolLines): string {
  const source = `:b2:${bucketName}/${fileName}`;
  return group([
    `export RCLONE_B2_ENDPOINT=${shellWord(apiUrl)} RCLONE_B2_ACCOUNT=${shellWord(keyId)}`,
    ...asks('RCLONE_B2_KEY', 'Application key'),
    ...(mode === 'SSE-C'
      ? [
          'export RCLONE_B2_SSE_CUSTOMER_ALGORITHM=AES256',
          ...asks('RCLONE_B2_SSE_CUSTOMER_KEY_BASE64', 'Customer key in base64'),
        ]
      : []),
    `rclone copyto ${shellWord(source)} ${shellWord(`./${target}`)}`,
  ]);
}

/** The shell reads all of a group before it runs it: otherwise it would take the next pasted line for a secret. */
function group(lines: readonly string[]): string {
  return ['{', ...lines, '}'].join('\n');
}

/** Has the shell ask for a secret, so that it is neither shown nor in the history or the list of processes. */
function asks(variable: string, label: string): readonly string[] {
  return [`stty -echo; printf ${shellWord(`${label}: `)}; read -r ${variable}; stty echo; echo; export ${variable}`];
}

/** Writes a word for a POSIX shell; quotes it only if needed. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
