import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Payload } from './load.ts';
import { startServerProcess, type ProcessOptions, type ServerProcess } from './server-process.ts';
import { fileCount, type StartTarget } from './target.ts';

const program = fileURLToPath(new URL('./bare-server.js', import.meta.url));

/** The bare server, in the place of Coffer; `sealed`: one that encrypts. */
export function bareTarget(kind: 'plain' | 'sealed', process: ProcessOptions = {}): StartTarget {
  return async (directory, payload) => {
    const logFile = join(directory, 'server.log');
    const server = await startServerProcess(program, [directory, kind], /^http:\S+\n/m, logFile, process);
    return filledTarget(server, payload);
  };
}

async function filledTarget(server: ServerProcess, payload: Payload): ReturnType<StartTarget> {
  const [, url = ''] = /^(http:\S+)\n/m.exec(server.output) ?? [];
  const ids: string[] = [];
  for (let i = 0; i < fileCount; i++) {
    const answer = await fetch(url, { method: 'POST', body: payload.bytes });
    ids.push(((await answer.json()) as { readonly id: string }).id);
  }
  return {
    ...server,
    url,
    upload: { requests: [{ method: 'POST', target: '/', headers: {} }], payload },
    download: { requests: ids.map((id) => ({ method: 'GET', target: `/${id}`, headers: {} })), payload: null },
  };
}
