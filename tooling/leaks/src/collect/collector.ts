import { Buffer } from 'node:buffer';
import { FrameFile } from './frame-file.ts';
import type { RunFolder } from './run-folder.ts';

/** Collects the secrets and the outputs of a process in files, for the search after the run. */
export class Collector {
  readonly #secrets: FrameFile;
  readonly #outputs: FrameFile;
  readonly #seen = new Set<string>();

  constructor(folder: RunFolder) {
    this.#secrets = new FrameFile(folder.secrets);
    this.#outputs = new FrameFile(folder.outputs);
  }

  /** Copies the bytes, once per process. `origin` says where they came into being. */
  secret(bytes: Uint8Array, origin: () => string): void {
    const text = Buffer.from(bytes).toString('latin1');
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    this.#secrets.add({ label: origin(), bytes: Uint8Array.from(bytes) });
  }

  output(label: string, content: string | Uint8Array): void {
    if (content.length > 0)
      this.#outputs.add({ label, bytes: typeof content === 'string' ? Buffer.from(content) : content });
  }

  flush(): void {
    this.#secrets.flush();
    this.#outputs.flush();
  }
}
