import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from './server-process.ts';
import { fileCount, type StartTarget } from './target.ts';

const program = fileURLToPath(new URL('./bare-server.js', import.meta.url));

/** The bare server, in the place of Coffer. */
export const bareTarget: StartTarget = async (directory, payload) => {
  const server = await startServerProcess(program, [directory], /^http:\S+\n/, join(directory, 'server.log'));
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
};
