import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeFrames } from '../collect/frames.ts';
import type { Secret } from '../search/secret.ts';
import type { Command } from './commands.ts';
import { secretFileVariable } from './secret-file.ts';

// In parts, since the probe watches a class of @coffer/bytes, of which the one file of the command has its own.
const server = fileURLToPath(new URL('dist/main-in-parts.js', import.meta.resolve('@coffer/server/package.json')));
const probe = fileURLToPath(new URL('../../dist/heap/probe.js', import.meta.url));

/** A server that was built, in a process of its own, with a probe in it. */
export class InspectedServer {
  readonly #folder: string;
  readonly #child: ChildProcess;
  #banner = '';

  /** @param folder Holds all of the server's directories. It has to be there. */
  constructor(folder: string) {
    this.#folder = folder;
    const log = openSync(this.logFile, 'a');
    const options = ['--expose-gc', '--import', probe, server, 'serve', ...this.#arguments()];
    this.#child = spawn(process.execPath, options, {
      env: { PATH: process.env['PATH'], TMPDIR: folder, [secretFileVariable]: this.#secretFile },
      stdio: ['ignore', 'pipe', log, 'ipc'],
    });
    closeSync(log);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get logFile(): string {
    return join(this.#folder, 'server.log');
  }

  /** Where it listens, its master key's id and secret. @throws Error with the log if it does not come up. */
  async ready(): Promise<{ readonly origin: string; readonly keyId: string; readonly key: string }> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('The server has no standard output');
    for await (const piece of stdout) {
      this.#banner += String(piece);
      if (this.#banner.includes('curl -u')) break;
    }
    const found = (pattern: RegExp, text: string): string => {
      const value = pattern.exec(text)?.[1];
      if (value === undefined) throw new Error(`No ${String(pattern)}: ${readFileSync(this.logFile, 'utf8')}`);
      return value;
    };
    const origin = found(/(http:\/\/127\.0\.0\.1:\d+)/, this.#banner);
    // Another process shows the key: a key in the environment of the inspected process would stay there as long as that
    // runs.
    const shown = await promisify(execFile)(process.execPath, [server, 'keys', 'show-master', ...this.#places()]);
    return {
      origin,
      keyId: found(/B2_APPLICATION_KEY_ID=(\S+)/, shown.stdout),
      key: found(/B2_APPLICATION_KEY=(\S+)/, shown.stdout),
    };
  }

  /** Has the probe do something, and waits for it. */
  async command(command: Command): Promise<void> {
    const done = once(this.#child, 'message');
    this.#child.send(command);
    const [answer] = (await done) as [string];
    if (answer !== command.do) throw new Error(`The probe failed: ${answer}`);
  }

  /** Every secret that came into being in it so far. */
  secrets(): readonly Secret[] {
    return [...decodeFrames(readFileSync(this.#secretFile))].map(({ label, bytes }) => ({ origin: label, bytes }));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  get #secretFile(): string {
    return join(this.#folder, 'secrets');
  }

  #places(): readonly string[] {
    return ['--data', join(this.#folder, 'data'), '--keys', join(this.#folder, 'keys')];
  }

  #arguments(): readonly string[] {
    return [
      ...this.#places(),
      ...[
        '--listen',
        '127.0.0.1:0',
        '--admin-listen',
        'off',
        '--console-listen',
        'off',
        '--log-level',
        'trace',
        '--log-format',
        'json',
      ],
      ...['--minimum-part-size', '100', '--inline-threshold', '2000'],
    ];
  }
}
