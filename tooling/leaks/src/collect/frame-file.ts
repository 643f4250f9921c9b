import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFrame, type Frame } from './frames.ts';

const flushLength = 1024 * 1024;

/**
 * Appends frames to a file of this process's own. Frames that are waiting are written when the process ends properly.
 */
export class FrameFile {
  readonly #descriptor: number;
  #waiting: Buffer[] = [];
  #length = 0;

  constructor(folder: string) {
    this.#descriptor = openSync(join(folder, `${process.pid}-${process.hrtime.bigint()}`), 'a', 0o600);
    process.on('exit', () => {
      this.flush();
      closeSync(this.#descriptor);
    });
  }

  add(frame: Frame): void {
    const encoded = encodeFrame(frame);
    this.#waiting.push(encoded);
    this.#length += encoded.length;
    if (this.#length >= flushLength) this.flush();
  }

  flush(): void {
    if (this.#length === 0) return;
    writeSync(this.#descriptor, Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#length = 0;
  }
}
