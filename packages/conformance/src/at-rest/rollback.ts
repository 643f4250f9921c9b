import type { CheckResult } from './at-rest-report.ts';
import { requirements } from './checks.ts';
import type { DataDirectory } from './data-directory.ts';
import type { FileService } from './file-service.ts';
import { readOnce } from './read-back.ts';
import type { RestartedServer } from './restarted-server.ts';
import type { StoredFile } from './stored-file.ts';

/** Puts the whole directory back as it was, and says what the server makes of it. Nothing is required. */
export async function judgeRollback(
  {
    directory,
    state,
    server,
    service,
  }: {
    readonly directory: DataDirectory;
    readonly state: string;
    readonly server: RestartedServer;
    readonly service: FileService;
  },
  before: readonly StoredFile[],
  after: readonly StoredFile[],
): Promise<CheckResult> {
  await directory.restore(state);
  const down = await server.start();
  const findings =
    down === undefined ? [await said('before', before, service), await said('since', after, service)] : [down];
  await server.stop();
  const { requirement, source } = requirements['rollback-of-all'];
  return { id: 'at-rest/rollback-of-all', requirement, source, verdict: 'information', findings, trials: [] };
}

async function said(when: string, files: readonly StoredFile[], service: FileService): Promise<string> {
  let right = 0;
  for (const file of files) if ((await readOnce(service, file)).outcome === 'unharmed') right++;
  return `of ${files.length} files written ${when}, ${right} are given out`;
}
