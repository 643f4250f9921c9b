import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runFolderVariable, type RunFolder } from './collect/run-folder.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** How a command ended, and all that it and its processes said. */
export interface Ended {
  readonly succeeded: boolean;
  readonly said: Buffer;
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The environment with which interop's tests and servers load the collectors. */
const interopEnvironment = {
  COFFER_LEAKS_SETUP: at('../src/collect/setup.ts'),
  COFFER_LEAKS_PRELOAD: at('collect/preload.js'),
};

/** Runs a command of the repository with the collectors switched on. What it says is passed on and kept. */
export async function runCollected(folder: RunFolder, command: readonly string[]): Promise<Ended> {
  const [program = '', ...args] = command;
  const said: Buffer[] = [];
  const child = spawn(program, args, {
    cwd: repository,
    env: { ...process.env, ...interopEnvironment, [runFolderVariable]: folder.root, TMPDIR: folder.temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.on('data', (piece: Buffer) => {
      said.push(piece);
      to.write(piece);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { succeeded: code === 0, said: Buffer.concat(said) };
}
