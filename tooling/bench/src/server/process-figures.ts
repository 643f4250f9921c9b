import { readFile } from 'node:fs/promises';

/** Bytes that a process has read and written so far, sockets included (proc_pid_io(5)). */
export async function bytesMoved(pid: number): Promise<{ readonly read: number; readonly written: number }> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8');
  return { read: figure(text, 'rchar'), written: figure(text, 'wchar') };
}

/** The most memory that a process and its children ever had resident, each by itself, in MiB (proc_pid_status(5)). */
export async function peakMemory(pid: number): Promise<number> {
  const peaks = await ofFamily(pid, async (one) => figure(await readFile(`/proc/${one}/status`, 'utf8'), 'VmHWM'));
  return Math.round(peaks / 1024);
}

/** Seconds of processor time that a process and its children have used so far, in all their threads. */
export function processorSeconds(pid: number): Promise<number> {
  return ofFamily(pid, secondsOf);
}

/** A process and the children that its first thread made (proc_pid_task_children(5)). */
export async function familyOf(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

async function ofFamily(pid: number, figureOf: (pid: number) => Promise<number>): Promise<number> {
  const figures = await Promise.all((await familyOf(pid)).map(figureOf));
  return figures.reduce((sum, one) => sum + one, 0);
}

/** proc_pid_stat(5). */
async function secondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the program's name, which may have spaces: the state is the first field, user and system time the 12th and
  // 13th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Units per second in which Linux counts processor time, on every architecture that Node runs on. */
const ticksPerSecond = 100;

function figure(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+([0-9]+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}
