import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ConformanceError } from '../model/conformance-error.ts';
import type { Transport } from '../wire/transport.ts';

export interface ServerCommand {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stopSignal: NodeJS.Signals;
  /** Milliseconds. */
  readonly readyMs: number;
  /** Where the server listens once it runs. */
  readonly origin: string;
  /** Descriptor of a file that takes what the server prints; nothing does, if left out. */
  readonly log?: number;
}

const stopLimit = 30_000;
const probeEvery = 25;

/** The server under test, started and stopped again and again. */
export class ServerProcess {
  readonly #given: ServerCommand;
  readonly #send: Transport;
  #child: ChildProcess | undefined;
  readonly #endAtOnce = (): void => {
    this.#signal('SIGKILL');
  };

  constructor(given: ServerCommand, send: Transport) {
    this.#given = given;
    this.#send = send;
  }

  get running(): boolean {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Starts it and waits for its first answer. @returns why it does not run; undefined if it does. */
  async start(): Promise<string | undefined> {
    const [program = '', ...args] = this.#given.command;
    const output = this.#given.log ?? 'ignore';
    // A group of its own, so that processes of the server's own end with it.
    const child = spawn(program, args, {
      stdio: ['ignore', output, output],
      env: this.#given.environment,
      detached: true,
    });
    this.#child = child;
    process.once('exit', this.#endAtOnce);
    let failure: string | undefined;
    child.once('error', (error) => {
      failure = `it cannot be started: ${error.message}`;
    });
    const end = performance.now() + this.#given.readyMs;
    while (performance.now() < end) {
      // A program that is not there has no process, and says so only later.
      if (child.pid === undefined) await pause(probeEvery);
      if (failure !== undefined) return failure;
      if (!this.running) return `it ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`;
      if (await answers(this.#given.origin, this.#send)) return undefined;
      await pause(probeEvery);
    }
    await this.stop();
    return `it did not answer within ${this.#given.readyMs} ms`;
  }

  /** Stops it with its signal, and kills what is still there after half a minute. Does nothing if it does not run. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    if (this.running) {
      const ended = once(child, 'exit');
      this.#signal(this.#given.stopSignal);
      const late = setTimeout(this.#endAtOnce, stopLimit);
      await ended;
      clearTimeout(late);
    }
    this.#endAtOnce();
    process.removeListener('exit', this.#endAtOnce);
    this.#child = undefined;
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone, which is what was wanted.
    }
  }
}

/** @throws ConformanceError `setup` if somebody answers already, who would be taken for the server. */
export async function refuseAnswering(origin: string, send: Transport): Promise<void> {
  if (await answers(origin, send))
    throw new ConformanceError('setup', `${origin} answers before the server was started.`);
}

function answers(origin: string, send: Transport): Promise<boolean> {
  const headers = [['Host', new URL(origin).host]] as const;
  return send({ method: 'GET', origin, target: '/', headers, body: new Uint8Array() }).then(
    () => true,
    () => false,
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
