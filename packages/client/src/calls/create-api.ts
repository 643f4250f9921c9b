import {
  operationNames,
  operations,
  type ApiVersion,
  type OperationName,
  type OperationNameOf,
} from '@coffer/b2-schema';
import type { Api } from './api-types.ts';
import type { CallContext, CallOptions } from './call-context.ts';
import { callDownload } from './download-call.ts';
import { callJson } from './json-call.ts';
import { callUpload, type UploadGiven } from './upload-call.ts';
import type { UploadUrls } from './upload-urls.ts';

type AnyMethod = (fields?: object, options?: CallOptions) => Promise<unknown>;

/** The methods of the table's rows; a row that is added to the table has its method. */
export function createApi<Version extends ApiVersion>(context: CallContext, urls: UploadUrls): Api<Version> {
  const methods = operationNames
    .filter((name) => (operations[name].versions as readonly ApiVersion[]).includes(context.version))
    .map((name): [string, AnyMethod] => [methodName(name), methodOf(context, urls, name)]);
  return Object.freeze(Object.fromEntries(methods)) as unknown as Api<Version>;
}

/** `listFileNames` of `b2_list_file_names`. */
export function methodName(name: OperationName): string {
  return name.slice('b2_'.length).replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function methodOf(context: CallContext, urls: UploadUrls, name: OperationName): AnyMethod {
  // The types of the fields are those of `Api`, row by row; here all rows are one.
  switch (operations[name].kind) {
    case 'json':
      return async (fields = {}, options) => {
        const answer = await callJson(context, name as OperationNameOf<'json'>, fields, options);
        if (endsUploads(name)) urls.forget(fields as { fileId: string });
        return answer;
      };
    case 'upload':
      return (fields, options) =>
        callUpload(context, urls, name as OperationNameOf<'upload'>, fields as UploadGiven, options);
    case 'download':
      return (fields, options) =>
        callDownload(context, name as OperationNameOf<'download'>, fields as Record<string, unknown>, options);
  }
}

/** Whether a large file takes no parts any more. */
function endsUploads(name: OperationName): boolean {
  return name === 'b2_finish_large_file' || name === 'b2_cancel_large_file';
}
