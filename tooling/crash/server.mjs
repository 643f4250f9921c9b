import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';

const entry = new URL('../../apps/server/dist/main.js', import.meta.url).pathname;

/** A server that is killed and started again on the same data. */
export class CrashServer {
  #folder;
  #child;
  #key;
  port = '0';

  constructor(folder) {
    this.#folder = folder;
  }

  get dataFolder() {
    return join(this.#folder, 'data');
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const options = ['--listen', `127.0.0.1:${this.port}`, '--admin-listen', 'off', '--log-level', 'warn'];
    const sizes = ['--minimum-part-size', '100', '--inline-threshold', '2000'];
    const places = ['--data', this.dataFolder, '--keys', join(this.#folder, 'keys')];
    const log = openSync(join(this.#folder, 'server.log'), 'a');
    this.#child = spawn(process.execPath, [entry, 'serve', ...places, ...options, ...sizes], {
      stdio: ['ignore', 'pipe', log],
    });
    const banner = await this.#banner(this.#child);
    this.port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(banner)[1];
    this.#key ??= /B2_APPLICATION_KEY=(\S+)/.exec(banner)[1];
    return { keyId: /Key id\s+(\S+)/.exec(banner)[1], key: this.#key };
  }

  async kill() {
    await this.#end('SIGKILL');
  }

  async stop() {
    await this.#end('SIGTERM');
  }

  async #end(signal) {
    if (this.#child.exitCode !== null) throw new Error('The server ended by itself');
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  #banner(child) {
    return new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (piece) => {
        text += piece;
        if (text.includes('curl -u')) resolve(text);
      });
      child.once('exit', () => reject(new Error(`The server did not start: ${text}`)));
    });
  }
}
