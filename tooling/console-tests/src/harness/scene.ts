import { createClient, type Client } from '@coffer/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from './browser.ts';
import { startConsoleServer, type ConsoleServer } from './console-server.ts';

/** How the browser shows the console. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** The width of a phone. */
export const phone: View = { width: 375, height: 800 };

/** A server, a browser, and a client of the API to prepare and look at what is stored. */
export class Scene {
  readonly #options: readonly string[];
  #server: ConsoleServer | undefined;
  #browser: Browser | undefined;
  #api: Client | undefined;
  #contexts: BrowserContext[] = [];
  /** What went wrong in any page: errors of scripts, and what the content security policy refused. */
  readonly problems: string[] = [];

  constructor(options: readonly string[]) {
    this.#options = options;
  }

  get server(): ConsoleServer {
    if (this.#server === undefined) throw new Error('the scene is not open');
    return this.#server;
  }

  /** With the master application key. */
  get api(): Client {
    if (this.#api === undefined) throw new Error('the scene is not open');
    return this.#api;
  }

  async open(): Promise<void> {
    [this.#server, this.#browser] = await Promise.all([startConsoleServer(this.#options), launchBrowser()]);
    const { keyId, key, apiUrl: url } = this.#server;
    this.#api = createClient({ keyId, key, url, allowCustomerKeysOverHttp: true });
  }

  /** A new tab that shares nothing with others, at the page to sign in. */
  async page(view: View = {}, path = '/'): Promise<Page> {
    const { width = 1280, height = 800, colorScheme = 'light' } = view;
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.problems.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      // An answer of the server that is an error is told to the page, which shows it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.problems.push(message.text());
      }
    });
    await page.goto(`${this.server.consoleUrl}${path}`);
    return page;
  }

  /** A new tab that is signed in, with the master key unless told otherwise, at a page of the console. */
  async signedIn(options: View & { readonly path?: string; readonly keyId?: string; readonly key?: string } = {}) {
    const { keyId = this.server.keyId, key = this.server.key, path = '/buckets' } = options;
    const page = await this.page(options, path);
    await page.getByLabel('Application key id').fill(keyId);
    await page.getByLabel('Application key', { exact: true }).fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    return page;
  }

  get browser(): Browser {
    if (this.#browser === undefined) throw new Error('the scene is not open');
    return this.#browser;
  }

  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
    this.#contexts = [];
  }

  async close(): Promise<void> {
    this.#api?.close();
    await this.#browser?.close();
    await this.#server?.close();
  }
}

/** A scene for the tests of a file. After each test, no page may have reported a problem. */
export function useScene(options: readonly string[] = []): Scene {
  const scene = new Scene(options);
  beforeAll(() => scene.open());
  afterEach(async () => {
    await scene.closePages();
    expect(scene.problems.splice(0)).toEqual([]);
  });
  afterAll(() => scene.close());
  return scene;
}
