/**
 * The closed list of what an answer of status 200 may hold in clear, by operation and field. `*` stands for each member
 * of a list. Everything else in every answer is searched.
 */
export const givenOut: Readonly<Record<string, readonly string[]>> = {
  b2_authorize_account: ['authorizationToken'],
  b2_get_upload_url: ['authorizationToken'],
  b2_get_upload_part_url: ['authorizationToken'],
  b2_get_download_authorization: ['authorizationToken'],
  b2_create_key: ['applicationKey'],
  b2_get_bucket_notification_rules: notificationSecrets(),
  b2_set_bucket_notification_rules: notificationSecrets(),
};

/** The fingerprints of customer keys that answers contain for the client that sent the key, by operation and field. */
export const fingerprints: Readonly<Record<string, readonly string[]>> = {
  b2_upload_file: ['serverSideEncryption.customerKeyMd5'],
  b2_upload_part: ['serverSideEncryption.customerKeyMd5'],
  b2_start_large_file: ['serverSideEncryption.customerKeyMd5'],
  b2_copy_file: ['serverSideEncryption.customerKeyMd5'],
  b2_copy_part: ['serverSideEncryption.customerKeyMd5'],
};

/** The code of the error whose message contains the upload token that the client sent, as B2's clients expect. */
export const tokenToldBack = 'auth_token_limit';

/** The headers of successes that contain the fingerprint of the customer key, in lower case. */
export const fingerprintHeaders: readonly string[] = [
  'x-bz-server-side-encryption-customer-key-md5',
  'x-amz-server-side-encryption-customer-key-md5',
];

function notificationSecrets(): readonly string[] {
  const target = 'eventNotificationRules.*.targetConfiguration';
  return [`${target}.hmacSha256SigningSecret`, `${target}.customHeaders.*.value`];
}
