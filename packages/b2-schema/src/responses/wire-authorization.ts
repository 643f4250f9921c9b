import * as z from 'zod';
import type { ApiVersion } from '../values/api-version.ts';
import { wireSecret } from '../values/secret-text.ts';
import { wireAccountId, wireBucketId } from '../values/wire-ids.ts';

const endpoints = {
  absoluteMinimumPartSize: z.int(),
  apiUrl: z.string(),
  downloadUrl: z.string(),
  recommendedPartSize: z.int(),
  s3ApiUrl: z.string(),
};

const restriction = {
  bucketId: wireBucketId.nullable(),
  bucketName: z.string().nullable(),
  capabilities: z.array(z.string()),
  namePrefix: z.string().nullable(),
};

const flat = z.object({
  ...endpoints,
  accountId: wireAccountId,
  allowed: z.object(restriction),
  authorizationToken: wireSecret,
});

/** v1: with the old name of `recommendedPartSize`. */
export const authorizeResponseV1 = flat.extend({ minimumPartSize: z.int() });
/** The schema of the flat response of v2. */
export const authorizeResponseV2 = flat;

const common = {
  accountId: wireAccountId,
  applicationKeyExpirationTimestamp: z.int().nullable(),
  authorizationToken: wireSecret,
};

/** The schema of the response of v3, which has one bucket at most. */
export const authorizeResponseV3 = z.object({
  ...common,
  apiInfo: z.object({
    storageApi: z.object({ ...endpoints, ...restriction, infoType: z.literal('storageApi') }),
  }),
});

/** v4: `allowed.buckets` is null for an unrestricted key; the name of a bucket that was deleted since is null. */
export const authorizeResponse = z.object({
  ...common,
  apiInfo: z.object({
    storageApi: z.object({
      ...endpoints,
      allowed: z.object({
        buckets: z.array(z.object({ id: wireBucketId, name: z.string().nullable() })).nullable(),
        capabilities: z.array(z.string()),
        namePrefix: z.string().nullable(),
      }),
    }),
  }),
});

/** The response of `b2_authorize_account` in v4. */
export type WireAuthorization = z.input<typeof authorizeResponse>;
/** The response of `b2_authorize_account` in v1. */
export type WireAuthorizationV1 = z.input<typeof authorizeResponseV1>;
/** The response of `b2_authorize_account` in v2. */
export type WireAuthorizationV2 = z.input<typeof authorizeResponseV2>;
/** The response of `b2_authorize_account` in v3. */
export type WireAuthorizationV3 = z.input<typeof authorizeResponseV3>;

/**
 * The response as `version` shows it (B2 docs `b2_authorize_account`, "API Versions").
 *
 * @throws RangeError for a key of several buckets before v4; answer `unsupported` instead.
 */
export function printAuthorization(
  response: WireAuthorization,
  version: ApiVersion,
): WireAuthorization | WireAuthorizationV1 | WireAuthorizationV2 | WireAuthorizationV3 {
  if (version === 'v4') return response;
  const { apiInfo, applicationKeyExpirationTimestamp, ...account } = response;
  const { allowed, ...urlsAndSizes } = apiInfo.storageApi;
  const single = singleBucket(allowed);
  if (version === 'v3') {
    const storageApi = { ...urlsAndSizes, ...single, infoType: 'storageApi' as const };
    return { ...account, applicationKeyExpirationTimestamp, apiInfo: { storageApi } };
  }
  const v2 = { ...account, ...urlsAndSizes, allowed: single };
  return version === 'v2' ? v2 : { ...v2, minimumPartSize: v2.recommendedPartSize };
}

function singleBucket(allowed: WireAuthorization['apiInfo']['storageApi']['allowed']) {
  const { buckets, capabilities, namePrefix } = allowed;
  if (buckets !== null && buckets.length > 1) throw new RangeError('A key of several buckets has no form before v4');
  const bucket = buckets?.[0];
  return { bucketId: bucket?.id ?? null, bucketName: bucket?.name ?? null, capabilities, namePrefix };
}

/** What a client read in v4. */
export type Authorized = z.output<typeof authorizeResponse>;
/** What a client read in some version. */
type AnyAuthorized =
  | Authorized
  | z.output<typeof authorizeResponseV3>
  | z.output<typeof authorizeResponseV2>
  | z.output<typeof authorizeResponseV1>;

/**
 * What a client has read, of any version, as v4 has it: the inverse of {@link printAuthorization}. v1 and v2 do not
 * tell when the key expires; that is then null.
 */
export function readAuthorization(response: AnyAuthorized): Authorized {
  const { accountId, authorizationToken } = response;
  if (!('apiInfo' in response)) {
    const { allowed } = response;
    const storageApi = { ...endpointsOf(response), allowed: allowedOf(allowed) };
    return { accountId, authorizationToken, applicationKeyExpirationTimestamp: null, apiInfo: { storageApi } };
  }
  const { applicationKeyExpirationTimestamp } = response;
  const { storageApi } = response.apiInfo;
  const allowed = 'allowed' in storageApi ? storageApi.allowed : allowedOf(storageApi);
  const apiInfo = { storageApi: { ...endpointsOf(storageApi), allowed } };
  return { accountId, authorizationToken, applicationKeyExpirationTimestamp, apiInfo };
}

type Endpoints = { readonly [Name in keyof typeof endpoints]: z.output<(typeof endpoints)[Name]> };

function endpointsOf({ absoluteMinimumPartSize, apiUrl, downloadUrl, recommendedPartSize, s3ApiUrl }: Endpoints) {
  return { absoluteMinimumPartSize, apiUrl, downloadUrl, recommendedPartSize, s3ApiUrl };
}

function allowedOf({ bucketId, bucketName, capabilities, namePrefix }: z.output<typeof flat>['allowed']) {
  return { buckets: bucketId === null ? null : [{ id: bucketId, name: bucketName }], capabilities, namePrefix };
}
