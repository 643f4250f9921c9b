import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const child = (name: string) => fileURLToPath(new URL(`../test-child/${name}`, import.meta.url));
const register = fileURLToPath(new URL('../../../tooling/config/run-source/register.mjs', import.meta.url));
const nodeArguments = ['--conditions=@coffer/source', `--import=${register}`];

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-small-disk-'));
});
afterEach(() => rm(directory, { recursive: true }));

/**
 * Runs a child with a file system of 24 MiB mounted at `directory`, in a mount namespace of its own, which Linux lets root, and on
 * most systems any user, make. 8 MiB of it are ballast that the child removes to make space.
 */
async function onSmallDisk(
  script: string,
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const command = `mount -t tmpfs -o size=24m tmpfs "$0" && head -c 8388608 /dev/urandom > "$0/ballast" && exec "$@" "$0/store"`;
  const process_ = spawn(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      command,
      directory,
      process.execPath,
      ...nodeArguments,
      child(script),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const read = async (stream: AsyncIterable<unknown>) => {
    let text = '';
    for await (const piece of stream) text += String(piece);
    return text;
  };
  const [output, errors, code] = await Promise.all([
    read(process_.stdout),
    read(process_.stderr),
    new Promise<number | null>((resolve, reject) => process_.once('error', reject).once('exit', resolve)),
  ]);
  return { code, output, errors };
}

// Where no file system can be mounted this fails, with what unshare or mount said: a disk that is really full has no stand-in.
test('a disk that fills up: nothing acknowledged is lost, deletes go through, and with space everything goes on', async () => {
  const { code, output, errors } = await onSmallDisk('fill-small-disk.mjs');
  expect(code, errors).toBe(0);
  expect(JSON.parse(output)).toEqual({
    blobBefore: 'done',
    full: 'full',
    blob: 'full',
    blobs: ['aafirst'],
    rowsWhenFull: true,
    deletes: 'done',
    rowsAfterDeletes: true,
    stillFull: 'full',
    rowsReopened: true,
    deleteReopened: 'done',
    recovered: 'done',
    blobRecovered: 'done',
    enough: true,
    unhandled: [],
  });
}, 60_000);
