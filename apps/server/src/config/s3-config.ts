import { isIP } from 'node:net';
import type { SecretString } from '@coffer/bytes';
import type { ListenAddress } from './listen-address.ts';

/** How the server offers the S3 Compatible API. */
export interface S3Config {
  /** A listener for S3 only; undefined: the listeners of B2 serve both. */
  readonly listen: ListenAddress | undefined;
  /** The origin that clients are told to use for S3; undefined: found out from each request. */
  readonly publicUrl: string | undefined;
  /** What the protocol is told of what the operator chose. */
  readonly protocol: {
    /** The region of all buckets, and other names that clients may use for it. */
    readonly regions: readonly [string, ...string[]];
    /** Base domains, in small letters: a request to `<bucket>.<domain>` is about that bucket. */
    readonly domains: readonly string[];
    readonly wrongCustomerKeyStatus: 400 | 403;
    readonly completeNeedsCustomerKey: boolean;
    readonly missingPartStatus: 400 | 416;
    readonly b2Strict: boolean;
    readonly allowInsecureCustomerKeys: boolean;
  };
}

interface S3Settings extends DomainSettings {
  readonly s3: boolean;
  readonly s3Listen: ListenAddress | 'off';
  readonly s3KeyId?: string | undefined;
  readonly s3Key?: SecretString | undefined;
  readonly s3Region: string;
  readonly s3RegionAliases: readonly string[];
  readonly sseCWrongKeyStatus: 400 | 403;
  readonly s3CompleteRequiresKey: boolean;
  readonly s3PartNumberOutOfRange: 400 | 416;
  readonly b2StrictS3: boolean;
  readonly allowInsecureCustomerKeys: boolean;
}

/** An application key for S3 that the operator chose. */
export interface ChosenS3Key {
  readonly id: string;
  readonly secret: SecretString;
}

export function s3(settings: S3Settings): {
  readonly s3: S3Config | undefined;
  readonly s3Key: ChosenS3Key | undefined;
} {
  if (!settings.s3) return { s3: undefined, s3Key: undefined };
  const { s3KeyId: id, s3Key: secret, s3Listen, s3PublicUrl, s3Region, s3RegionAliases } = settings;
  return {
    s3Key: id === undefined || secret === undefined ? undefined : { id, secret },
    s3: {
      listen: s3Listen === 'off' ? undefined : s3Listen,
      publicUrl: s3PublicUrl,
      protocol: {
        regions: [s3Region, ...new Set(s3RegionAliases.filter((alias) => alias !== s3Region))],
        domains: s3DomainsOf(settings),
        wrongCustomerKeyStatus: settings.sseCWrongKeyStatus,
        completeNeedsCustomerKey: settings.s3CompleteRequiresKey,
        missingPartStatus: settings.s3PartNumberOutOfRange,
        b2Strict: settings.b2StrictS3,
        allowInsecureCustomerKeys: settings.allowInsecureCustomerKeys,
      },
    },
  };
}

interface DomainSettings {
  readonly s3Domains?: readonly string[] | undefined;
  readonly s3PublicUrl?: string | undefined;
  readonly publicUrl?: string | undefined;
}

/** The base domains that are given, or otherwise the names by which the server is known to be reached. */
export function s3DomainsOf(settings: DomainSettings): readonly string[] {
  return [...new Set(settings.s3Domains ?? ['localhost', ...publicHosts(settings)])];
}

/** The host names in the public URLs, in small letters; not those hosts that are IP addresses. */
export function publicHosts({ publicUrl, s3PublicUrl }: DomainSettings): readonly string[] {
  return [publicUrl, s3PublicUrl].flatMap((url) => {
    const host = url === undefined ? '' : new URL(url).hostname;
    return host === '' || host.startsWith('[') || isIP(host) !== 0 ? [] : [host];
  });
}
