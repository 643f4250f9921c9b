import { isAllowedOnBucketKey, printKeyV3, type RequestOf } from '@coffer/b2-schema';
import { coversBucket, coversName, type Grant } from '@coffer/storage-core';
import { badRequest, unauthorized } from '../errors/b2-error.ts';
import { keyView } from '../views/key-view.ts';
import type { JsonHandler } from './handler.ts';

export const createKey: JsonHandler<'b2_create_key'> = async (input, { grant, options, storage, version }) => {
  const bucketIds = bucketIdsOf(input);
  const grantsOnlyOwn = options.grantOnlyOwnCapabilities === true;
  if (grantsOnlyOwn) checkOwned(input, bucketIds, grant, options.clock.now());
  checkCapabilities(input, bucketIds);
  const { key, secret } = await storage.applicationKeys.create({
    accountId: input.accountId,
    keyName: input.keyName,
    capabilities: [...new Set(input.capabilities)],
    bucketIds,
    namePrefix: input.namePrefix ?? null,
    validDurationInSeconds: input.validDurationInSeconds ?? null,
    ...(grantsOnlyOwn && { notAfter: grant.key.expirationTimestamp }),
  });
  // The one answer that shows the secret: the caller cannot get it again.
  const view = { ...keyView(key), applicationKey: secret.expose((text) => text) };
  secret.wipe();
  return version === 'v4' ? view : printKeyV3(view);
};

/** v1 to v3 name one bucket, v4 several. */
function bucketIdsOf({ bucketId, bucketIds }: RequestOf<'b2_create_key'>): readonly string[] | null {
  if (bucketIds !== undefined) return [...new Set(bucketIds)];
  return bucketId === undefined ? null : [bucketId];
}

/** Refuses a key that could do anything its maker cannot: in another bucket, with other names, or for a longer time. */
function checkOwned(
  { capabilities, namePrefix, validDurationInSeconds }: RequestOf<'b2_create_key'>,
  bucketIds: readonly string[] | null,
  grant: Grant,
  now: number,
): void {
  const isWithin =
    capabilities.every((capability) => grant.capabilities.has(capability)) &&
    (bucketIds === null ? grant.bucketIds === null : bucketIds.every((bucketId) => coversBucket(grant, bucketId))) &&
    coversName(grant, namePrefix ?? '') &&
    endOf(validDurationInSeconds, now) <= (grant.key.expirationTimestamp ?? Infinity);
  if (!isWithin) throw unauthorized();
}

function endOf(validDurationInSeconds: number | undefined, now: number): number {
  return validDurationInSeconds === undefined ? Infinity : now + validDurationInSeconds * 1_000;
}

function checkCapabilities({ capabilities }: RequestOf<'b2_create_key'>, bucketIds: readonly string[] | null): void {
  if (bucketIds === null) return;
  const refused = capabilities.find((capability) => !isAllowedOnBucketKey(capability));
  if (refused !== undefined) throw badRequest(`A key that is restricted to buckets cannot have ${refused}`);
}
