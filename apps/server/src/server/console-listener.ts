import { extendB2 } from '@coffer/b2-protocol';
import { consoleOperations } from '@coffer/console-schema';
import { followAnswer, type HttpHandler } from '@coffer/http';
import { createSnapshotService } from '@coffer/snapshots';
import { systemRandom } from '@coffer/storage-ports';
import type { ConsoleConfig } from '../config/own-config.ts';
import { loadConsoleFiles, type ConsoleFiles } from '../console/console-files.ts';
import { createConsoleHandler } from '../console/console-handler.ts';
import { consoleHandlers, type ConsoleSources } from '../console/operations/handlers.ts';
import type { Listener } from '../net/listener.ts';
import { consoleOriginsOf, type ListenerUrls } from '../net/origins.ts';
import { finishedPageRequest } from '../observe/finished-request.ts';
import { logFinishedRequest } from '../observe/request-log.ts';
import { StartupError } from '../startup-error.ts';
import { loadTls } from '../tls/tls-material.ts';
import { version } from '../own-package.ts';
import { describeServer } from './describe-server.ts';
import type { Front } from './front.ts';
import { b2Handler, listenWatched, publicHandler } from './listeners.ts';
import type { OpenedStores } from './open-storage.ts';
import type { ServerContext } from './server-context.ts';

/** The console that is going to be served: how, and the files of its pages. */
export interface ChosenConsole {
  readonly config: ConsoleConfig;
  readonly files: ConsoleFiles;
}

/**
 * The console, if it is on and its files are there. If it is on only by default and they are not, the operator is
 * warned.
 *
 * @throws StartupError `config` if the operator asked for the console and its files cannot be served.
 */
export async function chooseConsole({
  config: { console: config },
  consoleFiles: directory,
  logger,
}: ServerContext): Promise<ChosenConsole | undefined> {
  if (config === undefined) return undefined;
  try {
    return { config, files: await consoleFilesIn(directory) };
  } catch (error) {
    if (config.isWanted || !(error instanceof StartupError)) throw error;
    logger.warn(error.message);
    return undefined;
  }
}

/** @throws StartupError `config`. */
async function consoleFilesIn(directory: string): Promise<ConsoleFiles> {
  const failure = (reason: string, cause?: unknown): StartupError =>
    new StartupError('config', `The web console cannot be served: ${reason}. --console-listen off does without it.`, {
      cause,
    });
  const found = await loadConsoleFiles(directory).catch((cause: unknown) => {
    throw failure(`its files in ${directory} cannot be used`, cause);
  });
  if (found !== undefined) return found;
  throw failure(`this server was built without it, there is no index.html in ${directory}`);
}

/** What the listener of the console answers from. */
interface ConsoleParts extends Pick<OpenedStores, 'storage' | 'keyring'> {
  /** What answers clients. */
  readonly front: Front;
  /** The first account of the server, which is the operator's. */
  readonly operatorAccountId: string;
  /** Where the listeners of clients are. */
  readonly urls: ListenerUrls;
}

/**
 * The listener of the console: the B2 Native API with the operations of the console, over the storage of this process,
 * and the static files.
 */
export async function listenConsole(
  context: ServerContext,
  { config: { listen: address, encryptedDownloads }, files }: ChosenConsole,
  { storage, keyring, front, operatorAccountId, urls }: ConsoleParts,
): Promise<Listener> {
  const { config, clock, tracker } = context;
  const sources: ConsoleSources = {
    console: { version, encryptedDownloads, snapshots: true, s3Region: config.s3?.protocol.regions[0] ?? null },
    server: { operatorAccountId, describe: describeServer(context, { front, keyring }) },
    snapshots: createSnapshotService({ storage, clock, random: systemRandom }),
  };
  const withheld = encryptedDownloads ? {} : { encryptedFilesWithheld };
  const b2 = b2Handler(context, storage, {
    origins: (request) => consoleOriginsOf(request, config, urls),
    extension: extendB2(consoleOperations, consoleHandlers(sources)),
    ...withheld,
  });
  const handler = createConsoleHandler({ api: tracker.wrap(b2), files, watch: (pages) => watchPages(context, pages) });
  const material = config.https && (await loadTls(config.https.tls, clock.now()));
  const tls = material && { tls: material };
  return listenWatched(context, publicHandler(context, handler, storage), { key: 'consoleListen', address, ...tls });
}

const encryptedFilesWithheld =
  'This console does not hand out encrypted files: download this one with the b2 command-line tool, ' +
  'or ask the operator of the server to allow it here (--console-encrypted-downloads)';

/** Logs and counts requests for pages as other requests, and counts them among those that are under way. */
function watchPages({ clock, tracker, metrics, logger }: ServerContext, pages: HttpHandler): HttpHandler {
  return tracker.wrap(async (request) => {
    const startedAt = clock.now();
    const response = await pages(request);
    return followAnswer(response, ({ bytes, complete }) => {
      tracker.finished();
      const durationMs = Math.max(0, clock.now() - startedAt);
      const finished = finishedPageRequest(request, response.status, { bytesOut: bytes, complete, durationMs });
      metrics.requestFinished(finished);
      logFinishedRequest(logger, finished, request);
    });
  });
}
