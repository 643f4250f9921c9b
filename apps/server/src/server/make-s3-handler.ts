import { createS3Handler } from '@coffer/s3-protocol';
import { systemRandom } from '@coffer/storage-ports';
import { finishedS3Request } from '../observe/finished-request.ts';
import { logFinishedRequest } from '../observe/request-log.ts';
import type { MakeS3Handler } from './listeners.ts';

/** The S3 Compatible API, as the configuration wants it. */
export const makeS3Handler: MakeS3Handler = ({ context, protocol, storage, origin, refusedCredentials }) => {
  const { clock, errorLog, logger, metrics, tracker } = context;
  return createS3Handler({
    storage,
    clock,
    random: systemRandom,
    origin,
    ...protocol,
    onRequest: (event, request) => {
      tracker.finished();
      const finished = finishedS3Request(event);
      metrics.requestFinished(finished);
      logFinishedRequest(logger, finished, request);
    },
    onRefusedSignature: (request) => refusedCredentials.refused(request),
    onError: (error, requestId) => {
      errorLog(error, { requestId }, 'a request failed');
    },
  });
};
