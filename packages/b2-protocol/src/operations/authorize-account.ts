import { canShowKey, printAuthorization, type WireAuthorization } from '@coffer/b2-schema';
import type { Grant } from '@coffer/storage-core';
import { B2Error } from '../errors/b2-error.ts';
import { tokenLifetime } from '../test-mode/token-lifetime.ts';
import type { Call, JsonHandler } from './handler.ts';

export const authorizeAccount: JsonHandler<'b2_authorize_account'> = async (_, call) => {
  const { grant, options, request, storage, version } = call;
  if (!canShowKey(grant.key.bucketIds, version)) {
    throw new B2Error('unsupported', 'A key that is restricted to several buckets needs version 4 of the API');
  }
  const authorizationToken = await storage.tokens.issueAccountToken(grant.key, tokenLifetime(options, request));
  return printAuthorization(await authorization(call, authorizationToken), version);
};

async function authorization(call: Call, authorizationToken: string): Promise<WireAuthorization> {
  const { grant, options, storage } = call;
  const { apiUrl, downloadUrl, s3ApiUrl } = options.origins(call.request);
  return {
    accountId: grant.accountId,
    applicationKeyExpirationTimestamp: grant.key.expirationTimestamp,
    authorizationToken,
    apiInfo: {
      storageApi: {
        absoluteMinimumPartSize: storage.options.minimumPartSize,
        apiUrl,
        downloadUrl,
        recommendedPartSize: options.recommendedPartSize,
        s3ApiUrl,
        allowed: {
          buckets: await allowedBuckets(call, grant),
          capabilities: [...grant.capabilities],
          namePrefix: grant.namePrefix,
        },
      },
    },
  };
}

/**
 * The buckets that the grant is restricted to. A bucket that was deleted since then is still listed, without a name.
 */
async function allowedBuckets({ storage }: Call, { accountId, bucketIds }: Grant) {
  if (bucketIds === null) return null;
  return Promise.all(
    [...bucketIds].map(async (bucketId) => {
      const [bucket] = await storage.buckets.list({ accountId, bucketId });
      return { id: bucketId, name: bucket?.name ?? null };
    }),
  );
}
