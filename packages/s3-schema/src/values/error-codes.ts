/** Names of the elements that an error may have besides code, message, resource and the ids of the request. */
export const errorDetails = [
  'ActualObjectSize',
  'ActualPartCount',
  'ArgumentName',
  'ArgumentValue',
  'AWSAccessKeyId',
  'BucketName',
  'CalculatedDigest',
  'ClientComputedContentSHA256',
  'Condition',
  'Content-MD5',
  'ETag',
  'ExpectedDigest',
  'Expires',
  'Header',
  'HeadersNotSigned',
  'Key',
  'MaxAllowedSkewMilliseconds',
  'MaxMessageLengthBytes',
  'MaxSizeAllowed',
  'Method',
  'MinSizeAllowed',
  'MissingHeaderName',
  'PartNumber',
  'PartNumberRequested',
  'ProposedSize',
  'RangeRequested',
  'Region',
  'RequestTime',
  'ResourceType',
  'S3ComputedContentSHA256',
  'ServerTime',
  'SignatureProvided',
  'Size',
  'StorageClassRequested',
  'StringToSign',
  'StringToSignBytes',
  'UploadId',
  'URI',
  'VersionId',
  'X-Amz-Expires',
  'additionalMessage',
] as const;
/** The name of such an element. */
export type S3ErrorDetail = (typeof errorDetails)[number];

/** Status, message and further elements of an error code. */
export interface S3ErrorFacts {
  readonly status: number;
  /** What the error says where nothing more exact is known. */
  readonly message: string;
  /** The elements that the error may have, in this order. Others are never sent. */
  readonly details: readonly S3ErrorDetail[];
}

function facts(status: number, message: string, ...details: readonly S3ErrorDetail[]): S3ErrorFacts {
  return { status, message, details };
}

/**
 * Every error that this server answers with (AWS docs "Error responses", and the page of each operation). Tools compare
 * some of the messages, so they are AWS's. The canonical request of a refused signature is not among the details: it
 * holds the values of signed headers, customer keys too.
 */
export const s3ErrorCodes = {
  AccessDenied: facts(403, 'Access Denied', 'HeadersNotSigned', 'X-Amz-Expires', 'Expires', 'ServerTime'),
  AccessForbidden: facts(403, 'Access forbidden', 'Method', 'ResourceType'),
  AuthorizationHeaderMalformed: facts(400, 'The authorization header is malformed.', 'Region'),
  AuthorizationQueryParametersError: facts(400, 'The authorization query parameters are malformed.', 'Region'),
  BadDigest: facts(
    400,
    'The Content-MD5 you specified did not match what we received.',
    'ExpectedDigest',
    'CalculatedDigest',
  ),
  BadRequest: facts(400, 'Insufficient information. Origin request header needed.'),
  BucketAlreadyExists: facts(
    409,
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. ' +
      'Please select a different name and try again.',
    'BucketName',
  ),
  BucketAlreadyOwnedByYou: facts(
    409,
    'Your previous request to create the named bucket succeeded and you already own it.',
    'BucketName',
  ),
  BucketNotEmpty: facts(
    409,
    'The bucket you tried to delete is not empty. You must delete all versions in the bucket, and abort its ' +
      'unfinished multipart uploads.',
    'BucketName',
  ),
  ConditionalRequestConflict: facts(
    409,
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    'Condition',
    'Key',
  ),
  EntityTooLarge: facts(400, 'Your proposed upload exceeds the maximum allowed size', 'ProposedSize', 'MaxSizeAllowed'),
  EntityTooSmall: facts(
    400,
    'Your proposed upload is smaller than the minimum allowed size',
    'ProposedSize',
    'MinSizeAllowed',
    'PartNumber',
    'ETag',
  ),
  IllegalLocationConstraintException: facts(
    400,
    'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
  ),
  IllegalVersioningConfigurationException: facts(400, 'The Versioning element must be specified'),
  IncompleteBody: facts(400, 'You did not provide the number of bytes specified by the Content-Length HTTP header'),
  IncorrectNumberOfFilesInPostRequest: facts(400, 'POST requires exactly one file upload per request.'),
  InternalError: facts(500, 'We encountered an internal error. Please try again.'),
  InvalidAccessKeyId: facts(403, 'The AWS Access Key Id you provided does not exist in our records.', 'AWSAccessKeyId'),
  InvalidArgument: facts(400, 'Invalid Argument', 'ArgumentName', 'ArgumentValue'),
  InvalidBucketName: facts(400, 'The specified bucket is not valid.', 'BucketName'),
  InvalidBucketState: facts(409, 'The request is not valid with the current state of the bucket.', 'BucketName'),
  InvalidChunkSizeError: facts(400, 'Only the last chunk is allowed to have a size less than 8192 bytes'),
  InvalidDigest: facts(400, 'The Content-MD5 you specified was invalid.', 'Content-MD5'),
  InvalidEncryptionAlgorithmError: facts(
    400,
    'The Encryption request you specified is not valid. Supported value: AES256.',
    'ArgumentName',
    'ArgumentValue',
  ),
  InvalidLocationConstraint: facts(400, 'The specified location-constraint is not valid'),
  InvalidPart: facts(
    400,
    'One or more of the specified parts could not be found.  The part may not have been uploaded, or the ' +
      "specified entity tag may not match the part's entity tag.",
    'UploadId',
    'PartNumber',
    'ETag',
  ),
  InvalidPartNumber: facts(
    416,
    'The requested partnumber is not satisfiable',
    'ActualPartCount',
    'PartNumberRequested',
  ),
  InvalidPartOrder: facts(
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    'UploadId',
  ),
  InvalidPolicyDocument: facts(
    400,
    'The content of the form does not meet the conditions specified in the policy document.',
  ),
  InvalidRange: facts(416, 'The requested range is not satisfiable', 'ActualObjectSize', 'RangeRequested'),
  InvalidRequest: facts(400, 'Invalid Request'),
  InvalidStorageClass: facts(400, 'The storage class you specified is not valid', 'StorageClassRequested'),
  InvalidToken: facts(400, 'The provided token is malformed or otherwise invalid.'),
  InvalidURI: facts(400, "Couldn't parse the specified URI.", 'URI'),
  KeyTooLongError: facts(400, 'Your key is too long', 'Size', 'MaxSizeAllowed'),
  MalformedACLError: facts(
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  ),
  MalformedPOSTRequest: facts(400, 'The body of your POST request is not well-formed multipart/form-data.'),
  MalformedTrailerError: facts(
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  ),
  MalformedXML: facts(400, 'The XML you provided was not well-formed or did not validate against our published schema'),
  MaxMessageLengthExceeded: facts(400, 'Your request was too big.', 'MaxMessageLengthBytes'),
  MaxPostPreDataLengthExceeded: facts(400, 'Your POST request fields preceding the upload file were too large.'),
  MetadataTooLarge: facts(
    400,
    'Your metadata headers exceed the maximum allowed metadata size',
    'Size',
    'MaxSizeAllowed',
  ),
  MethodNotAllowed: facts(405, 'The specified method is not allowed against this resource.', 'Method', 'ResourceType'),
  MissingContentLength: facts(411, 'You must provide the Content-Length HTTP header.'),
  MissingSecurityHeader: facts(400, 'Your request was missing a required header', 'MissingHeaderName'),
  NoSuchBucket: facts(404, 'The specified bucket does not exist', 'BucketName'),
  NoSuchBucketPolicy: facts(404, 'The bucket policy does not exist', 'BucketName'),
  NoSuchCORSConfiguration: facts(404, 'The CORS configuration does not exist', 'BucketName'),
  NoSuchKey: facts(404, 'The specified key does not exist.', 'Key'),
  NoSuchLifecycleConfiguration: facts(404, 'The lifecycle configuration does not exist', 'BucketName'),
  NoSuchObjectLockConfiguration: facts(404, 'The specified object does not have a ObjectLock configuration', 'Key'),
  NoSuchPublicAccessBlockConfiguration: facts(404, 'The public access block configuration was not found', 'BucketName'),
  NoSuchTagSet: facts(404, 'The TagSet does not exist', 'BucketName'),
  NoSuchUpload: facts(
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or ' +
      'completed.',
    'UploadId',
  ),
  NoSuchVersion: facts(404, 'The specified version does not exist.', 'Key', 'VersionId'),
  NoSuchWebsiteConfiguration: facts(404, 'The specified bucket does not have a website configuration', 'BucketName'),
  NotImplemented: facts(
    501,
    'A header you provided implies functionality that is not implemented',
    'Header',
    'additionalMessage',
  ),
  ObjectLockConfigurationNotFoundError: facts(
    404,
    'Object Lock configuration does not exist for this bucket',
    'BucketName',
  ),
  OwnershipControlsNotFoundError: facts(404, 'The bucket ownership controls were not found', 'BucketName'),
  PreconditionFailed: facts(412, 'At least one of the pre-conditions you specified did not hold', 'Condition'),
  ReplicationConfigurationNotFoundError: facts(404, 'The replication configuration was not found', 'BucketName'),
  RequestTimeout: facts(
    400,
    'Your socket connection to the server was not read from or written to within the timeout period. Idle ' +
      'connections will be closed.',
  ),
  RequestTimeTooSkewed: facts(
    403,
    'The difference between the request time and the current time is too large.',
    'RequestTime',
    'ServerTime',
    'MaxAllowedSkewMilliseconds',
  ),
  ServerSideEncryptionConfigurationNotFoundError: facts(
    404,
    'The server side encryption configuration was not found',
    'BucketName',
  ),
  ServiceUnavailable: facts(503, 'Please reduce your request rate.'),
  SignatureDoesNotMatch: facts(
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    'AWSAccessKeyId',
    'StringToSign',
    'SignatureProvided',
    'StringToSignBytes',
  ),
  SlowDown: facts(503, 'Please reduce your request rate.'),
  TooManyBuckets: facts(400, 'You have attempted to create more buckets than allowed'),
  UnexpectedContent: facts(400, 'This request does not support content'),
  XAmzContentSHA256Mismatch: facts(
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    'ClientComputedContentSHA256',
    'S3ComputedContentSHA256',
  ),
} as const satisfies Record<string, S3ErrorFacts>;

/** The `Code` of an error. */
export type S3ErrorCode = keyof typeof s3ErrorCodes;

/** Whether the server has an error of this code. */
export function isS3ErrorCode(code: string): code is S3ErrorCode {
  return Object.hasOwn(s3ErrorCodes, code);
}
