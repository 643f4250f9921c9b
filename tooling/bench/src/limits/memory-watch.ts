import { readFile, writeFile } from 'node:fs/promises';

/** Resident memory of a process in MiB (proc_pid_status(5)). */
export interface Memory {
  readonly resident: number;
  /** Heap and buffers. */
  readonly anonymous: number;
  /** Pages of mapped files: the program, and LMDB's data, which the system takes back when it needs them. */
  readonly mapped: number;
}

const sampleEvery = 100;

/** Watches the memory of a process until told to stop. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #peak: Memory = { resident: 0, anonymous: 0, mapped: 0 };
  #sampling: Promise<void> = Promise.resolve();

  private constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => {
      this.#sampling = this.#sample();
    }, sampleEvery);
  }

  static async start(pid: number): Promise<MemoryWatch> {
    // Resets the kernel's own peak to the present value (proc_pid_clear_refs(5)).
    await writeFile(`/proc/${pid}/clear_refs`, '5');
    return new MemoryWatch(pid);
  }

  /** The sample with the most resident memory, and the kernel's own peak, which sees what lies between samples. */
  async stop(): Promise<Memory & { readonly highWater: number }> {
    clearInterval(this.#timer);
    await this.#sampling;
    await this.#sample();
    return { ...this.#peak, highWater: figure(await statusOf(this.#pid), 'VmHWM') };
  }

  async #sample(): Promise<void> {
    const memory = await memoryOf(this.#pid);
    if (memory.resident > this.#peak.resident) this.#peak = memory;
  }
}

/** What is resident just now. */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await statusOf(pid);
  return { resident: figure(text, 'VmRSS'), anonymous: figure(text, 'RssAnon'), mapped: figure(text, 'RssFile') };
}

function statusOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/status`, 'utf8');
}

function figure(text: string, name: string): number {
  return Math.round(Number(new RegExp(`^${name}:\\s+([0-9]+)`, 'm').exec(text)?.[1] ?? Number.NaN) / 1024);
}
