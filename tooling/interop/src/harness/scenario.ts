import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { B2Cli } from './b2-cli.ts';
import { inWorlds } from './in-worlds.ts';
import type { Endpoint } from './server-process.ts';
import { ServerWorld } from './server-world.ts';
import { isShort, toolsLabel } from './tools.ts';

/** What a scenario works with: a running server, the b2 tool authorised with the master key, and a folder. */
export class World extends ServerWorld {
  #b2: B2Cli | undefined;

  /** The tool, authorised with the master key. */
  get b2(): B2Cli {
    if (this.#b2 === undefined) throw new Error('no scenario has begun');
    return this.#b2;
  }

  /** A new home and account file for the next scenario. */
  override async begin(): Promise<void> {
    await super.begin();
    this.#b2 = this.anotherCli('home');
    await this.#b2.authorize(this.server.credentials);
  }

  /**
   * The tool with another account file, not yet authorised.
   *
   * @param testMode Sent as `X-Bz-Test-Mode` with every request.
   */
  anotherCli(name: string, testMode?: string): B2Cli {
    return new B2Cli(join(this.folder, name), this.endpoint, testMode);
  }

  /** Makes a private bucket. Its name is returned. */
  async bucket(...options: readonly string[]): Promise<string> {
    const name = `interop-${randomBytes(6).toString('hex')}`;
    await this.b2.ok(['bucket', 'create', ...options, name, 'allPrivate']);
    return name;
  }
}

/**
 * How long the log may lag behind the answers: it goes through a pipe, so what is counted in it has to be waited for.
 */
export const logged = { timeout: 60_000 } as const;

/** For scenarios about what a client asks and is told, where TLS could make no difference. */
export const httpOnly = ['http'] as const;

/** For long matrices: the short form of a run goes over HTTP only, where others have shown the same over TLS. */
export const httpIfShort: readonly Endpoint['scheme'][] =
  process.env['COFFER_INTEROP_SHORT'] === '1' ? ['http'] : ['http', 'https'];

/**
 * Declares scenarios over HTTP and over HTTPS, each against a server of its own. After each scenario the server's disk
 * and logs are searched for everything secret that it has seen until then.
 *
 * @param options More of the server's command line.
 */
export function scenarios(
  title: string,
  declare: (world: () => World) => void,
  options: readonly string[] = [],
  schemes: readonly Endpoint['scheme'][] = ['http', 'https'],
): void {
  const chosen = isShort ? schemes.slice(0, 1) : schemes;
  inWorlds(`${title}${toolsLabel}`, World, declare, { options, schemes: chosen });
}
