import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from './command.ts';

/** The name that clients without a setting for the realm connect to. */
const realName = 'api.backblazeb2.com';

/** The name of before, which some still have. */
const olderName = 'api.backblaze.com';

/**
 * A network of its own in which these names are this machine, for clients that cannot be told another. Nothing in
 * it reaches any other machine. Outside of it nothing changes, not the hosts file either.
 */
export class RealNameNetwork {
  readonly certificate: string;
  readonly #key: string;
  readonly #folder: string;
  #holder: ChildProcess | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.certificate = join(folder, 'cert.pem');
    this.#key = join(folder, 'key.pem');
  }

  /** @throws Error unless this is root on Linux. */
  async open(): Promise<void> {
    if (process.getuid?.() !== 0)
      throw new Error('a network of its own needs root: run this scenario as root, on Linux');
    await this.#makeCertificate();
    const hosts = join(this.#folder, 'hosts');
    writeFileSync(hosts, `127.0.0.1 localhost ${realName} ${olderName}\n`);
    const script = 'ip link set lo up && mount --bind "$1" /etc/hosts && echo ready && exec cat';
    const holder = spawn('unshare', ['--net', '--mount', 'sh', '-ec', script, 'sh', hosts], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#holder = holder;
    const [said] = (await Promise.race([once(holder.stdout, 'data'), once(holder, 'close')])) as [unknown];
    if (String(said) !== 'ready\n') throw new Error('a network of its own could not be made');
  }

  /** Its holder ends with its input. */
  close(): void {
    this.#holder?.stdin?.end();
  }

  /** What to put before a command for it to run inside. */
  get launcher(): readonly string[] {
    const pid = this.#holder?.pid;
    if (pid === undefined) throw new Error('the network is not open');
    return ['nsenter', '--target', String(pid), '--net', '--mount', '--'];
  }

  /** The server's command line: HTTPS on the port and for the name that clients expect. */
  get serverOptions(): readonly string[] {
    return [
      ...['--tls-cert', this.certificate, '--tls-key', this.#key],
      ...['--https-listen', '127.0.0.1:443', '--public-url', `https://${realName}`],
    ];
  }

  /** Runs a client inside, whatever its exit code. It trusts the certificate. */
  async run(
    command: readonly string[],
    variables: Readonly<Record<string, string>>,
    stdin?: string,
  ): Promise<CommandResult> {
    const env = clientEnvironment({ home: this.#folder, caFile: this.certificate, variables });
    const [program = '', ...args] = [...this.launcher, ...command];
    return runCommand(program, args, { env, cwd: this.#folder, stdin });
  }

  async #makeCertificate(): Promise<void> {
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const subject = ['-subj', `/CN=${realName}`, '-addext', `subjectAltName=DNS:${realName},DNS:${olderName}`];
    const files = ['-keyout', this.#key, '-out', this.certificate];
    const env = clientEnvironment({ home: this.#folder });
    expectSuccess(await runCommand('openssl', [...request, ...subject, ...files], { env }));
  }
}
