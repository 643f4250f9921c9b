import { maxUploadSize, writtenHeaders } from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import { uploadContent } from '../body/request-body.ts';
import { newObject } from '../objects/new-object.ts';
import { checksumView, entityTagOf } from '../objects/views.ts';
import { underCondition, writeCondition } from '../objects/write-conditions.ts';
import { emptyResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `PutObject`. */
export const putObject: Handler<'PutObject'> = async (call) => {
  const { bucket, key, options, record, request, storage } = call;
  const { headers, encryption } = call.input;
  const condition = writeCondition(headers.conditions, options);
  const place = { bucket, key, encryption: encryption.target, condition, now: options.clock.now() };
  const file = newObject(headers, place);
  const content = uploadContent(call.body, headers, { maximum: maxUploadSize, signal: request.signal });
  const version = await underCondition(condition, key, () => storage.files.upload(file, content));
  record.encryption = version.encryption.mode;
  const further = content.further && (await storage.reads.furtherChecksum(version));
  return emptyResponse(
    writtenHeaders({
      etag: await entityTagOf(storage, version),
      versionId: version.fileId,
      encryption: viewOf(version.encryption.mode, encryption.target),
      ...checksumView(further, null),
    }),
  );
};
