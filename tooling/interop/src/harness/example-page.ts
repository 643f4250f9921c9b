import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser, Page, Request } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { clientEnvironment } from './client-environment.ts';
import { examplePageServer } from './paths.ts';
import type { Credentials, Endpoint } from './server-process.ts';

/** The example page of `@coffer/client` in a real browser, with the page's own server. */
export class ExamplePage {
  /** Of the page. */
  readonly url: string;
  readonly page: Page;
  /** All requests that the page has made. */
  readonly requests: Request[] = [];
  readonly #browser: Browser;
  readonly #server: ChildProcess;

  private constructor(url: string, page: Page, browser: Browser, server: ChildProcess) {
    this.url = url;
    this.page = page;
    this.#browser = browser;
    this.#server = server;
    page.on('request', (request) => this.requests.push(request));
  }

  /**
   * Starts the page's server, and opens the page.
   *
   * @param home A directory for the browser.
   */
  static async open(home: string, { url, caFile }: Endpoint, { keyId, key }: Credentials): Promise<ExamplePage> {
    const variables = { B2_URL: url, B2_APPLICATION_KEY_ID: keyId, B2_APPLICATION_KEY: key };
    const env = clientEnvironment({ home, caFile, variables });
    const server = spawn(process.execPath, [examplePageServer], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: server.stdout });
    const [address] = (await Promise.race([once(lines, 'line'), once(server, 'exit')])) as [unknown];
    if (typeof address !== 'string') throw new Error('the server of the page did not start');
    const browser = await launchBrowser(home);
    // The server's certificate is its own, which a browser takes from no file.
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    const opened = new ExamplePage(address, page, browser, server);
    await page.goto(address);
    return opened;
  }

  /** Clicks a button, and says how what it does has ended. */
  async click(button: string): Promise<string> {
    await this.page.click(`#${button}`);
    await this.page.waitForFunction(`document.getElementById('status').textContent.startsWith('${button}')`);
    return (await this.page.textContent('#status')) ?? '';
  }

  /** The content that the page offers to save, in Base64. */
  async content(): Promise<string> {
    return this.page.evaluate<string>(`(async () => {
      const bytes = new Uint8Array(await (await fetch(document.getElementById('content').href)).arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    })()`);
  }

  /** What the page has left in the browser. */
  async kept(): Promise<object> {
    const cookies = await this.page.context().cookies();
    const kept = await this.page.evaluate<object>(`(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      cookie: document.cookie,
    }))()`);
    return { ...kept, cookies: cookies.length };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.kill();
  }
}
