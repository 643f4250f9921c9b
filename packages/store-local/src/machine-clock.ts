import { readFileSync } from 'node:fs';
import { hrtime } from 'node:process';
import { systemClock, type Clock } from '@coffer/storage-ports';

/**
 * On Linux, this file holds a text that is the same for all processes and changes with each start of the machine
 * (proc(5), `/proc/sys/kernel/random/boot_id`).
 */
const bootIdPath = '/proc/sys/kernel/random/boot_id';

/**
 * The machine's clock, and the time since the machine was started, which is the same for all its processes. That time
 * stands still while the machine sleeps, so that afterwards the clock looks as if it had been set. Only Linux gives
 * each start of the machine a name; on other systems, each process counts for itself.
 */
export const machineClock: Clock = {
  now: () => systemClock.now(),
  elapsed: () => {
    const boot = bootId();
    return boot === null ? systemClock.elapsed() : { boot, milliseconds: Number(hrtime.bigint() / 1_000n) / 1_000 };
  },
};

/** The text of the file; null where there is no such file. */
let known: string | null | undefined;

function bootId(): string | null {
  if (known === undefined) known = readBootId();
  return known;
}

function readBootId(): string | null {
  try {
    const text = readFileSync(bootIdPath, 'utf8').trim();
    return /^[0-9a-f-]{36}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}
