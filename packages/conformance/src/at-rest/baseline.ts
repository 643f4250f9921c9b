import { ConformanceError } from '../model/conformance-error.ts';
import type { DataDirectory } from './data-directory.ts';
import type { FileService } from './file-service.ts';
import { readOnce } from './read-back.ts';
import type { RestartedServer } from './restarted-server.ts';
import { isKept, type StoredFile } from './stored-file.ts';

/** The files that are not given out right although nothing is damaged, and what is given out instead. */
export type Baseline = ReadonlyMap<StoredFile, string>;

/**
 * Starts the server on what it stored, without any damage, and reads all files. Without this, a server that forgets its
 * files when it is started again would seem to notice every damage.
 *
 * @throws ConformanceError `setup` if it does not start again, or hangs.
 */
export async function readBaseline({
  directory,
  state,
  server,
  service,
  files,
  signal,
}: {
  readonly directory: DataDirectory;
  readonly state: string;
  readonly server: RestartedServer;
  readonly service: FileService;
  readonly files: readonly StoredFile[];
  readonly signal: AbortSignal | undefined;
}): Promise<Baseline> {
  await directory.restore(state);
  const down = await server.start();
  if (down !== undefined) throw new ConformanceError('setup', `On what it stored itself, undamaged, ${down}.`);
  const wrong = new Map<StoredFile, string>();
  for (const file of files) {
    if (signal?.aborted === true) break;
    if (!isKept(file, files)) continue;
    const { outcome, detail } = await readOnce(service, file);
    if (outcome === 'down' || !server.running)
      throw new ConformanceError(
        'setup',
        `Started again and undamaged, the server does not give out ${file.name}: ${detail}.`,
      );
    if (outcome !== 'unharmed') wrong.set(file, `${outcome}, ${detail}`);
  }
  await server.stop();
  return wrong;
}
