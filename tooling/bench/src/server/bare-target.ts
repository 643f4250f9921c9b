import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Payload } from './load.ts';
import { startServerProcess } from './server-process.ts';
import { fileCount, type StartTarget } from './target.ts';

const program = fileURLToPath(new URL('./bare-server.js', import.meta.url));

/** The bare server, in the place of Coffer; `sealed`: one that encrypts. */
export function bareTarget(kind: 'plain' | 'sealed'): StartTarget {
  return (directory, payload) => startBare([directory, kind], directory, payload);
}

async function startBare(options: readonly string[], directory: string, payload: Payload): ReturnType<StartTarget> {
  const server = await startServerProcess(program, options, /^http:\S+\n/, join(directory, 'server.log'));
  const url = server.output.trim();
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
