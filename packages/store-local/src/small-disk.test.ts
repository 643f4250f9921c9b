import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { findSmallDisk, type SmallDisk } from './test-support/small-disk.ts';

const child = (name: string) => fileURLToPath(new URL(`../test-child/${name}`, import.meta.url));
const register = fileURLToPath(new URL('../../../tooling/config/run-source/register.mjs', import.meta.url));
const nodeArguments = ['--conditions=@coffer/source', `--import=${register}`];

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-small-disk-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs a child on a small disk, where the ballast is beside the child's store. */
async function onSmallDisk(
  { command: [program = '', ...args] }: SmallDisk,
  script: string,
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const process_ = spawn(program, [...args, process.execPath, ...nodeArguments, child(script)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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

test('a disk that fills up: nothing acknowledged is lost, deletes go through, and with space everything goes on', async ({
  skip,
}) => {
  const disk = await findSmallDisk(directory);
  // A disk that is really full has no stand-in.
  if ('reason' in disk) return skip(disk.reason);
  onTestFinished(() => disk.dispose());
  const { code, output, errors } = await onSmallDisk(disk, 'fill-small-disk.mjs');
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
});
