// Loaded with --import, together with --expose-gc, into the server whose memory is inspected.
import { SecretBytes } from '@coffer/bytes';
import { writeHeapSnapshot } from 'node:v8';
import { setImmediate as turn } from 'node:timers/promises';
import { watchSecrets } from '../collect/watch-secrets.ts';
import type { Command } from './commands.ts';
import { writeReachableBuffers } from './reachable-buffers.ts';
import { secretFile } from './secret-file.ts';

const rounds = 6;

watchSecrets(SecretBytes, secretFile());

process.on('message', (command: Command) => {
  void obey(command).then(
    () => process.send?.(command.do),
    (error: unknown) => process.send?.(String(error)),
  );
});
// The channel for commands must not keep the server alive when it has nothing else to do.
process.channel?.unref();

async function obey(command: Command): Promise<void> {
  if (command.do === 'write snapshot') writeHeapSnapshot(command.file);
  else if (command.do === 'write buffers') writeReachableBuffers(command.file);
  else await collectGarbage();
}

/** Collects garbage several times, since finalising objects in one round makes others collectable in the next. */
async function collectGarbage(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The probe needs --expose-gc');
  for (let round = 0; round < rounds; round++) {
    gc();
    await turn();
  }
}
