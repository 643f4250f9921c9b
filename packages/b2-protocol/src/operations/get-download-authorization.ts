import { overridesOf } from '../download/overrides.ts';
import type { JsonHandler } from './handler.ts';

export const getDownloadAuthorization: JsonHandler<'b2_get_download_authorization'> = async (input, call) => {
  const { bucketId, fileNamePrefix, validDurationInSeconds } = input;
  await call.storage.buckets.get(bucketId);
  const authorizationToken = await call.storage.tokens.issueDownloadToken(
    call.grant,
    { bucketId, namePrefix: fileNamePrefix, overrides: overridesOf(input) },
    validDurationInSeconds,
  );
  return { authorizationToken, bucketId, fileNamePrefix };
};
