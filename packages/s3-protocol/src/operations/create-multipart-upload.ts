import { initiateUploadXml, s3Headers, writtenHeaders } from '@coffer/s3-schema';
import type { HeaderPair } from '@coffer/http';
import { viewOf } from '@coffer/sse-schema';
import { newObject } from '../objects/new-object.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `CreateMultipartUpload`. The id of the upload is the id that the object's version will have (B2 docs). */
export const createMultipartUpload: Handler<'CreateMultipartUpload'> = async (call) => {
  const { bucket, key, options, record, storage } = call;
  const { headers, encryption } = call.input;
  const file = newObject(headers, { bucket, key, encryption: encryption.target, now: options.clock.now() });
  const { checksum } = headers;
  const chosen =
    checksum === undefined
      ? {}
      : ({
          furtherChecksum: { algorithm: checksum.algorithm, of: checksum.type === 'COMPOSITE' ? 'parts' : 'content' },
        } as const);
  const upload = await storage.largeFiles.start(file, chosen);
  record.encryption = upload.encryption.mode;
  const checksumHeaders: HeaderPair[] =
    checksum === undefined
      ? []
      : [
          [s3Headers.checksumAlgorithm, checksum.algorithm],
          [s3Headers.checksumType, checksum.type],
        ];
  return xmlResponse(initiateUploadXml({ bucket: bucket.name, key, uploadId: upload.fileId }), [
    ...writtenHeaders({
      versionId: upload.fileId,
      encryption: viewOf(upload.encryption.mode, encryption.target),
    }),
    ...checksumHeaders,
  ]);
};
