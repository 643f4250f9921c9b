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

function figure(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+([0-9]+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}
