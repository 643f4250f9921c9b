import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'] as const;
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Starts the browser of this machine. @throws Error that says what to install, if there is none. */
export function launchBrowser(): Promise<Browser> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const program = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (program === undefined) throw new Error(`needs a browser: none of ${names.join(', ')} is on the PATH`);
  return chromium.launch({ executablePath: program, args: flags });
}
