import { reasonOf } from '../model/conformance-error.ts';
import type { FileService } from './file-service.ts';
import type { ServerProcess } from './server-process.ts';

/** The server under test together with the session at it, which ends with each stop. */
export class RestartedServer {
  readonly #process: ServerProcess;
  readonly #service: FileService;
  #starts = 0;

  constructor(process: ServerProcess, service: FileService) {
    this.#process = process;
    this.#service = service;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  get running(): boolean {
    return this.#process.running;
  }

  /** Starts it and authorizes. @returns why it is of no use; undefined if it is */
  async start(): Promise<string | undefined> {
    this.#starts++;
    const reason = await this.#process.start();
    if (reason !== undefined) {
      await this.stop();
      return `the server did not start: ${reason}`;
    }
    try {
      await this.#service.connect();
      return undefined;
    } catch (error) {
      await this.stop();
      return `the server started, and takes the key no more: ${reasonOf(error)}`;
    }
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
