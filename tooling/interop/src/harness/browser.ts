import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { clientEnvironment } from './client-environment.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'] as const;
const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** `send` is what a page would do with fetch, and tells what a script of the page gets to see. */
const html = `<!doctype html>
<meta charset="utf-8">
<title>A page of another origin</title>
<script>
  async function send({ url, ...init }) {
    try {
      const answer = await fetch(url, init);
      const headers = Object.fromEntries(answer.headers);
      return { blocked: false, status: answer.status, headers, text: await answer.text() };
    } catch (error) {
      return { blocked: true, reason: String(error) };
    }
  }
</script>`;

/** What a page asks for. */
export interface PageRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a script of the page sees of the answer. */
export type PageAnswer =
  | {
      readonly blocked: false;
      readonly status: number;
      /** Those only that the browser shows to the script. */
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly blocked: true; readonly reason: string };

/** A real browser with a page that was loaded from an origin of its own on this machine. */
export class BrowserPage {
  /** Of the page. */
  readonly origin: string;
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(origin: string, server: Server, browser: Browser, page: Page) {
    this.origin = origin;
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
  }

  /**
   * @param home A directory for the browser.
   * @throws Error that says what to install, if there is no browser.
   */
  static async open(home: string): Promise<BrowserPage> {
    const browser = await launchBrowser(home);
    const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(html));
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // The server's certificate is its own, which a browser takes from no file.
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    await page.goto(origin);
    return new BrowserPage(origin, server, browser, page);
  }

  /** Sends a request as a script of the page. */
  async send(request: PageRequest): Promise<PageAnswer> {
    return this.#page.evaluate<PageAnswer>(`send(${JSON.stringify(request)})`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/**
 * Starts the browser of this machine.
 *
 * @param home A directory for it.
 * @throws Error that says what to install, if there is none.
 */
export async function launchBrowser(home: string): Promise<Browser> {
  return chromium.launch({ executablePath: browserProgram(), args: flags, env: clientEnvironment({ home }) });
}

function browserProgram(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`needs a browser: none of ${names.join(', ')} is on the PATH; on Debian, apt-get install chromium`);
}
