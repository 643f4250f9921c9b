import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand } from './command.ts';
import type { ServerWorld } from './server-world.ts';

/** The bytes at a URL, for whoever has the URL and nothing else. @throws Error unless they are there. */
export async function readUrl({ folder, endpoint }: ServerWorld, url: string): Promise<Buffer> {
  const env = clientEnvironment({ home: folder, caFile: endpoint.caFile });
  const result = await runCommand('curl', ['--silent', '--show-error', '--fail', url], { env });
  return expectSuccess(result).stdout;
}
