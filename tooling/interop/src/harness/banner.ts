/** A pair for Basic auth and for every client. */
export interface Credentials {
  readonly keyId: string;
  readonly key: string;
}

/** Where a client finds the server. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** An origin without a slash at its end. */
  readonly url: string;
  /** The certificate to trust, a PEM file; only with https. */
  readonly caFile?: string;
}

/** What a started server prints: facts to read, then lines to paste into a shell. */
export interface Banner {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly admin: string | undefined;
  /** The certificate to trust, a PEM file. */
  readonly certificate: string | undefined;
  readonly keyId: string;
  /** Printed on a terminal only, where it was made just now. */
  readonly key: string | undefined;
  /** All lines for clients, from the first comment on. */
  readonly clientLines: string;
}

/**
 * Undefined while the banner is not complete: it ends with the lines for S3, or with the one for curl where S3 is off.
 * It is written in one piece.
 */
export function parseBanner(text: string): Banner | undefined {
  const clientLines = /^# [^]*^(?:curl |(?:env -u AWS_CA_BUNDLE )?rclone \S+ :s3:|restic ).*\n/m.exec(text)?.[0];
  const keyId = fact(text, 'Key id');
  if (clientLines === undefined || keyId === undefined) return undefined;
  const key = fact(text, 'Key');
  return {
    http: fact(text, 'HTTP'),
    https: fact(text, 'HTTPS'),
    admin: fact(text, 'Admin')?.split(' ', 1)[0],
    certificate: fact(text, 'Certificate'),
    keyId,
    key: key?.includes(' ') === true ? undefined : key,
    clientLines,
  };
}

function fact(text: string, name: string): string | undefined {
  return new RegExp(`^ {2}${name.padEnd(12)}(\\S.*)$`, 'm').exec(text)?.[1];
}
