import { readFile } from 'node:fs/promises';

/** Bytes that a process has read and written so far, sockets included (proc_pid_io(5)). */
export async function bytesMoved(pid: number): Promise<{ readonly read: number; readonly written: number }> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8');
  return { read: figure(text, 'rchar'), written: figure(text, 'wchar') };
}

/** The most memory that a process ever had resident, in MiB (proc_pid_status(5)). */
export async function peakMemory(pid: number): Promise<number> {
  return Math.round(figure(await readFile(`/proc/${pid}/status`, 'utf8'), 'VmHWM') / 1024);
}

/** Seconds of processor time that a process has used so far, in all its threads (proc_pid_stat(5)). */
export async function processorSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the program's name, which may have spaces: the state is the first field, user and system time the 12th and 13th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** What Linux counts processor time in, on every architecture that Node runs on. */
const ticksPerSecond = 100;

function figure(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+([0-9]+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}
