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

/** What the server tells a newcomer when it has started. */
export interface Banner {
  readonly text: string;
  readonly http: string;
  readonly https: string;
  readonly admin: string;
  /** The made certificate, a PEM file. */
  readonly certificate: string;
  readonly credentials: Credentials;
}

export function parseBanner(text: string): Banner | undefined {
  const field = (label: string): string | undefined => new RegExp(`^${label}: (.*)$`, 'm').exec(text)?.[1];
  const key = field('Key');
  if (key === undefined) return undefined;
  return {
    text,
    http: field('HTTP') ?? '',
    https: field('HTTPS') ?? '',
    admin: field('Admin') ?? '',
    certificate: field('Certificate') ?? '',
    credentials: { keyId: field('Key id') ?? '', key },
  };
}
