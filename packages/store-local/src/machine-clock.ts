import { readFileSync } from 'node:fs';
import { hrtime } from 'node:process';
import { systemClock, type Clock } from '@coffer/storage-ports';

/**
 * Linux: another text after each start of the machine, the same for all its processes (proc(5),
 * `/proc/sys/kernel/random/boot_id`).
 */
const bootIdPath = '/proc/sys/kernel/random/boot_id';

/**
 * The machine's clock, and the time since the machine was started, which all its processes count alike. That count
 * stands still while the machine sleeps, so that a clock looks set afterwards. Where the system does not name its
 * starts, which only Linux does, each process counts for itself.
 */
export const machineClock: Clock = {
  now: () => systemClock.now(),
  elapsed: () => {
    const boot = bootId();
    return boot === null ? systemClock.elapsed() : { boot, milliseconds: Number(hrtime.bigint() / 1_000n) / 1_000 };
  },
};

/** Null where there is none. */
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
