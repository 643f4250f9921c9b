import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pythonScript, s3VenvBin } from '../paths.ts';

/**
 * A Python program of this package that answers each line of its input with a line, both JSON, one after the other.
 * Loading a client takes several times as long as most of its calls, so one process makes all calls of some scenarios.
 * It starts with the first call, and {@link close} ends it.
 */
export class LineProcess {
  readonly #script: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #answers: AsyncIterator<string> | undefined;

  /**
   * @param script Its name in the folder `python`.
   * @param env Its whole environment.
   * @param args Its arguments.
   */
  constructor(script: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.#script = script;
    this.#env = env;
    this.#args = args;
  }

  /** The answer to a line; its shape is for the caller to know. @throws Error if the program ends without one. */
  async ask(line: object): Promise<unknown> {
    const answers = (this.#answers ??= this.#start());
    this.#child?.stdin?.write(`${JSON.stringify(line)}\n`);
    const answer = await answers.next();
    if (answer.done === true) throw new Error(`${this.#script} ended at ${JSON.stringify(line)}`);
    return JSON.parse(answer.value);
  }

  /** Ends the program. */
  close(): void {
    this.#child?.stdin?.end();
  }

  #start(): AsyncIterator<string> {
    const child = spawn(`${s3VenvBin}/python`, [pythonScript(this.#script), ...this.#args], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }
}
