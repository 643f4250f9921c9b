import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientEnvironment } from '../../interop/src/harness/client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from '../../interop/src/harness/command.ts';
import { workFolder } from '../../interop/src/harness/paths.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const requirements = at('../requirements.txt');
const venv = join(workFolder, 'decoder-venv');
const python = join(venv, 'bin', 'python');

/** Makes the virtual environment with the pinned requirements, unless it is there. */
export async function installDecoder(): Promise<void> {
  const stamp = join(venv, '.requirements');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  // Passes on the whole environment, since pip needs the machine's settings for index, proxy and certificates.
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
  expectSuccess(await runCommand('python3', ['-m', 'venv', venv], { env }));
  const install = ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements];
  expectSuccess(await runCommand(python, ['-m', 'pip', ...install], { env }));
  writeFileSync(stamp, wanted);
}

/** Runs the decoder; `variables` is what its `env:NAME` arguments may name. */
export function decode(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  return runScript('../coffer_decode.py', args, variables);
}

export function checkVectors(): Promise<CommandResult> {
  return runScript('../check_vectors.py', [], {});
}

function runScript(path: string, args: readonly string[], variables: Readonly<Record<string, string>>) {
  return runCommand(python, [at(path), ...args], { env: clientEnvironment({ home: workFolder, variables }) });
}
