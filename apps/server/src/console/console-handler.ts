import { extensionRoot } from '@coffer/b2-schema';
import { splitTarget, type HttpHandler } from '@coffer/http';
import type { ConsoleFiles } from './console-files.ts';
import { guardedApi } from './guarded-api.ts';
import { staticHandler } from './static-handler.ts';

const apiRoots = ['/b2api/', '/file/', extensionRoot];

/** Answers at the console's address: the B2 Native API with the console's operations, and the files of the pages. */
export function createConsoleHandler(options: {
  /** Answers the paths of the API. */
  readonly api: HttpHandler;
  readonly files: ConsoleFiles;
  /** Wraps the handler of the files, which tells nobody of its requests. */
  readonly watch: (handler: HttpHandler) => HttpHandler;
}): HttpHandler {
  const api = guardedApi(options.api);
  const pages = options.watch(staticHandler(options.files));
  return (request) => {
    const { path } = splitTarget(request.target);
    return apiRoots.some((root) => path.startsWith(root)) ? api(request) : pages(request);
  };
}
